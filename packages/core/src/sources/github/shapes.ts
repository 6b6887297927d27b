import { boolean, count, list, number, object, required, rows, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

const ACTOR = object({ login: text });

/** A workflow run. */
export const GITHUB_RUN_SHAPE: Shape = some({
  id: number,
  status: text,
  conclusion: text,
  name: text,
  path: text,
  event: text,
  run_attempt: number,
  actor: ACTOR,
  triggering_actor: ACTOR,
  repository: object({ full_name: text, owner: ACTOR }),
});

const JOB = some({
  name: text,
  status: text,
  conclusion: text,
  created_at: text,
  started_at: text,
  completed_at: text,
  runner_id: number,
  labels: required(list(text)),
});

const RUNNER = some({
  id: number,
  name: text,
  status: text,
  labels: required(list(some({ name: text }))),
});

const MEMBER = some({ status: text, run_id: number, run_html_url: text });

const DEPLOYMENT = some({
  environment: required(some({ name: text, html_url: text })),
  reviewers: required(list(some({ type: text }))),
  wait_timer: number,
  wait_timer_started_at: text,
});

const APP_RULE = some({ enabled: boolean, app: required(object({ slug: text })) });

function counted(name: string, all: Shape): Shape {
  return some({ [name]: required(all), total_count: count });
}

/** What GitHub's REST API sends. */
export const GITHUB_SHAPES: ResponseShapes = {
  everywhere: [[/\/actions\/runs\?/, counted('workflow_runs', rows)]],
  inside: [
    [/\/actions\/runs\/[^/?]+\/jobs\?/, counted('jobs', list(JOB))],
    [/\/actions\/runs\/[^/?]+\/pending_deployments$/, list(DEPLOYMENT)],
    [/\/actions\/runs\/[^/?]+$/, GITHUB_RUN_SHAPE],
    [/\/actions\/runners\?/, counted('runners', list(RUNNER))],
    [
      /\/concurrency_groups\?/,
      counted('concurrency_groups', list(some({ group_name: text, group_members: list(MEMBER) }))),
    ],
    [/\/concurrency_groups\/[^/?]+$/, some({ group_name: text, group_members: required(list(MEMBER)) })],
    [
      /\/environments\/[^/?]+\/deployment_protection_rules$/,
      some({ custom_deployment_protection_rules: required(list(APP_RULE)) }),
    ],
    [/\/environments\/[^/?]+$/, some({ protection_rules: required(list(some({ type: text }))) })],
    [/\/users\/[^/?]+$/, some({ login: text, type: text })],
    [/\/pulls\?/, list(some({ head: required(some({ sha: text })) }))],
  ],
};
