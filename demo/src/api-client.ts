import { classify, parseRun, trustPolicy, type FreshnessState, type PolicyDocument } from '@tardy/core';

/** One request to the demo's API over HTTP, as a person of the demo. */
export async function getJson(origin: string, path: string, token: string): Promise<unknown> {
  const response = await fetch(`${origin}/api${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${path} gave ${response.status}: ${await response.text()}`);
  return response.json();
}

/** The state of a run by the policy that the API publishes, at this instant. */
export async function stateOf(origin: string, runId: string, token: string): Promise<FreshnessState> {
  const document = (await getJson(origin, '/policy', token)) as PolicyDocument;
  const parsed = parseRun(await getJson(origin, `/runs/${runId}`, token), 'demo');
  if (!parsed.ok) throw new Error(`Run ${runId} cannot be read: ${parsed.issue.reason}`);
  return classify(parsed.run, trustPolicy(document), Date.now()).state;
}

/** Polls until `hit` returns true. @throws after `timeoutMs`. */
export async function until(what: string, hit: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await hit())) {
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs / 1000} s without success: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
