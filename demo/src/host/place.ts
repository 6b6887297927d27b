/** The tenant or the workspace that a page is about. */
export type Place = {
  readonly tenant?: string | undefined;
  readonly workspace?: string | undefined;
  /** The run that a page shows: what the strip then kills and closes. */
  readonly run?: string | undefined;
};
