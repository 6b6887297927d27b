import { boolean, list, number, object, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A pipeline. */
export const GITLAB_PIPELINE_SHAPE: Shape = some({
  id: number,
  status: text,
  source: text,
  ref: text,
  name: text,
  web_url: text,
  updated_at: text,
  started_at: text,
  finished_at: text,
  yaml_errors: text,
  user: object({ username: text }),
  detailed_status: object({ group: text }),
});

const RUNNER = object({ status: text, contacted_at: text });

const JOB = {
  id: number,
  name: text,
  status: text,
  allow_failure: boolean,
  queued_duration: number,
  created_at: text,
  started_at: text,
  finished_at: text,
  tag_list: list(text),
  runner: RUNNER,
  runner_manager: RUNNER,
  pipeline: object({ id: number }),
};

const BRIDGE = some({
  ...JOB,
  downstream_pipeline: some({ id: number, project_id: number, status: text, updated_at: text }),
});

const JOBS_PAGE = object({
  nodes: list(object({ name: text, stuck: boolean, scheduledAt: text })),
  pageInfo: object({ hasNextPage: boolean, endCursor: text }),
});

/** What GitLab's APIs send. */
export const GITLAB_SHAPES: ResponseShapes = {
  inside: [
    [/\/pipelines\/[^/?]+\/jobs\?/, list(some(JOB))],
    [/\/pipelines\/[^/?]+\/bridges\?/, list(BRIDGE)],
    [/\/resource_groups\?/, list(some({ key: text, process_mode: text, updated_at: text }))],
    [/\/resource_groups\/[^/?]+\/upcoming_jobs\?/, list(some(JOB))],
    [/\/runners\?/, list(some({ id: number, status: text, paused: boolean }))],
    [
      / tardy(?:Stuck|Scheduled)Jobs$/,
      object({ data: object({ project: object({ pipeline: object({ jobs: JOBS_PAGE }) }) }) }),
    ],
  ],
};
