import type { Instant, Run, WaitsFor } from '../../run.js';
import { booleanField, hasNumber, hasText, isObject, memberOf, type JsonObject } from '../reading/body.js';
import { epochMs } from '../reading/epoch-time.js';
import { nameFor } from '../reading/vocabulary.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import { isWebUrl } from '../../wire-fields.js';
import { SourceError, type SourceFetch, type SourceResponse } from '../source.js';
import { GITHUB_API, GITHUB_HEADERS } from './api.js';

/** What one environment makes a run wait for. */
type Gate =
  | { readonly kind: 'person'; readonly waitsFor: WaitsFor }
  /** A wait timer; `until` lies in the future. */
  | { readonly kind: 'timer'; readonly waitsFor: WaitsFor; readonly until: Instant }
  /** Neither a reviewer nor a timer that still runs; `since` is the end of its timer. */
  | { readonly kind: 'nobody'; readonly waitsFor: WaitsFor; readonly since: Instant | undefined };

/** GitHub itself lets a run through some seconds after its timer has ended. */
const TIMER_SLACK_MS = 300_000;

/**
 * Looks at what the environments make a waiting run wait for: a person, a timer, the rule of an app. If none of these is left, nothing
 * will ever let the run through, and it gets a flag.
 *
 * @param repository the URL of the repository in the API
 * @param url of the run in the API
 */
export async function inspectDeployments(run: Run, repository: string, url: string, fetch: SourceFetch): Promise<Run> {
  const request = { url: `${url}/pending_deployments`, headers: GITHUB_HEADERS, accept: [403, 404] };
  const response = await fetch(request);
  if (response.status >= 400) return run;
  const { body } = response;
  if (!Array.isArray(body)) {
    throw new SourceError('shape', `The pending deployments of run ${run.id} are not a list of ${GITHUB_API}.`);
  }
  const now = serverClock(response);
  if (body.length === 0 || now === undefined) return run;
  const gates = (body as readonly unknown[]).map((deployment) => gateOf(deployment, now));
  const person = gates.find((gate) => gate.kind === 'person');
  if (person !== undefined) return { ...run, waitsFor: person.waitsFor };
  for (const gate of gates) {
    if (gate.kind !== 'nobody') continue;
    const rules = await rulesOf(gate.waitsFor.name, repository, fetch);
    if (rules === undefined) return run;
    const [rule] = rules;
    if (rule !== undefined) return { ...run, waitsFor: { ...gate.waitsFor, state: rule } };
    const text = `It waits for the environment ${nameFor(gate.waitsFor.name)}, which has no reviewer, no timer and no rule left that could let it through.`;
    return { ...run, waitsFor: gate.waitsFor, flag: { kind: 'orphaned', by: 'tardy', text, since: gate.since } };
  }
  const timers = gates.filter((gate) => gate.kind === 'timer');
  const last = timers.reduce((a, b) => (b.until > a.until ? b : a));
  return { ...run, hold: 'schedule', notBefore: last.until, waitsFor: { ...last.waitsFor, until: last.until } };
}

function otherRules(response: SourceResponse, environment: string): readonly string[] | undefined {
  if (response.status === 404) return [];
  if (response.status >= 400) return undefined;
  const rules = isObject(response.body) ? response.body['protection_rules'] : undefined;
  if (!Array.isArray(rules)) {
    throw new SourceError('shape', `The rules of the environment ${environment} are not a list of ${GITHUB_API}.`);
  }
  return rules.flatMap((rule) => (memberOf({ rule }, 'rule')['type'] === 'branch_policy' ? [] : ['rule']));
}

function gateOf(deployment: unknown, now: Instant): Gate {
  if (!isObject(deployment) || !Array.isArray(deployment['reviewers'])) {
    throw new SourceError('shape', `A pending deployment has no list of reviewers. Is this the URL of ${GITHUB_API}?`);
  }
  const waitsFor = environmentOf(deployment);
  if (deployment['reviewers'].length > 0) return { kind: 'person', waitsFor };
  const { wait_timer: minutes, wait_timer_started_at: startedAt } = deployment;
  const start = instantIn(startedAt);
  if (!hasNumber(minutes) || minutes <= 0) return { kind: 'nobody', waitsFor, since: undefined };
  // A timer that has not begun yet will.
  if (start === undefined) return { kind: 'person', waitsFor };
  const until = epochMs(start + minutes * 60_000);
  if (until === undefined) throw new SourceError('shape', `A wait timer of ${minutes} minutes has no end.`);
  return until + TIMER_SLACK_MS > now ? { kind: 'timer', waitsFor, until } : { kind: 'nobody', waitsFor, since: until };
}

function environmentOf(deployment: JsonObject): WaitsFor {
  const { name, html_url: url } = memberOf(deployment, 'environment');
  return {
    kind: 'environment',
    name: hasText(name) ? name : undefined,
    url: hasText(url) && isWebUrl(url) ? url : undefined,
  };
}

/** The rules of apps that are enabled for an environment; `undefined` if they cannot be seen. */
async function rulesOf(
  environment: string | undefined,
  repository: string,
  fetch: SourceFetch,
): Promise<readonly string[] | undefined> {
  if (environment === undefined) return undefined;
  const url = `${repository}/environments/${encodeURIComponent(environment)}`;
  const request = { headers: GITHUB_HEADERS, accept: [403, 404] };
  const response = await fetch({ ...request, url: `${url}/deployment_protection_rules` });
  // Servers without rules of apps, and environments that were deleted, have none; an environment that is there shows its other rules.
  if (response.status === 404) return otherRules(await fetch({ ...request, url }), environment);
  if (response.status >= 400) return undefined;
  const rules = isObject(response.body) ? response.body['custom_deployment_protection_rules'] : undefined;
  if (!Array.isArray(rules)) {
    throw new SourceError('shape', `The rules of the environment ${environment} are not a list of ${GITHUB_API}.`);
  }
  return rules.flatMap((rule) => {
    if (booleanField(rule, 'enabled', GITHUB_API) === false) return [];
    const { slug } = memberOf(rule, 'app');
    return [hasText(slug) ? `rule of ${nameFor(slug)}` : 'rule of an app'];
  });
}
