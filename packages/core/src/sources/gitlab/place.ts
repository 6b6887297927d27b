/** Where a pipeline is found. */
export type PipelinePlace = {
  /** The URL of the server, with a slash at its end. */
  readonly address: string;
  /** The URL of the project in the REST API. */
  readonly project: string;
  /** The id of the pipeline. */
  readonly id: string;
  /** The ids of the pipelines that wait for it, the closest last. */
  readonly parents: readonly string[];
};
