import { boolean, count, either, list, number, required, rows, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A run, of Gitea or of Forgejo. */
export const GITEA_RUN_SHAPE: Shape = some({
  id: number,
  status: text,
  conclusion: text,
  event: text,
  trigger_event: text,
  run_attempt: number,
  index_in_repo: number,
  need_approval: boolean,
  path: text,
  html_url: text,
  repository: some({ full_name: text }),
});

const JOB = some({
  id: number,
  run_id: number,
  name: text,
  status: text,
  labels: list(text),
  runs_on: list(text),
  runner_id: number,
  attempt: number,
  run_attempt: number,
  created_at: text,
  started_at: text,
  completed_at: text,
});

const TASK = some({
  status: text,
  url: required(text),
  created_at: text,
  updated_at: required(text),
  run_started_at: text,
});

const RUNNER = some({
  id: number,
  status: text,
  name: text,
  disabled: boolean,
  labels: list(either('a text or an object with a name', text, some({ name: text }))),
});

function counted(name: string, all: Shape): Shape {
  return some({ [name]: required(all), total_count: count });
}

/** What the API sends. */
export const GITEA_SHAPES: ResponseShapes = {
  everywhere: [
    // Forgejo sends the jobs of a run as a bare list.
    [/\/actions\/(?:runs\/\d+\/)?jobs\?/, either('a list of jobs', list(JOB), counted('jobs', list(JOB)))],
    [/\/actions\/tasks\?/, counted('workflow_runs', list(TASK))],
    [/\/actions\/runners\?/, counted('runners', list(RUNNER))],
    [/\/actions\/runs\?/, counted('workflow_runs', rows)],
    [/\/api\/v1\/user$/, some({ login: text })],
  ],
};
