import type { Run } from '../../run.js';
import { encoded, isObject, isText, listField, memberOf, textField } from '../reading/body.js';
import { nameFor, wordIn } from '../reading/vocabulary.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { N8N_STATUSES } from './execution.js';

const SYSTEM = "n8n's public API";

/** n8n resumes a parent seconds after its sub-workflow has ended. */
const NOTICE_MS = 10 * 60_000;

/**
 * An execution that waits without end, with the execution of a sub-workflow that it waits for, if it does: flagged if that has ended.
 * What the nodes of the execution worked with is read along with it and looked at no further: it may hold secrets.
 *
 * @param api the URL of the API, with a slash at its end.
 */
export async function withSubExecution(run: Run, api: string, fetch: SourceFetch): Promise<Run> {
  const response = await fetch({ url: `${api}executions/${encoded(run.id)}?includeData=true`, accept: [403, 404] });
  const id = response.status >= 400 ? undefined : subExecutionOf(response.body);
  if (id === undefined || id === run.id) return run;
  const child = await fetch({ url: `${api}executions/${encoded(id)}`, accept: [403, 404] });
  // n8n deletes old executions, so that one is gone is no evidence.
  if (child.status >= 400 || !isObject(child.body)) return run;
  const { id: sent, status, stoppedAt } = child.body;
  if (String(sent) !== id) {
    throw new SourceError('shape', `${SYSTEM} was asked for the execution ${nameFor(id)} and sent another.`);
  }
  const waitsFor = { kind: 'execution', id, state: isText(status) ? status : undefined };
  if (wordIn(N8N_STATUSES, status)?.status !== 'completed') return { ...run, hold: 'dependency', waitsFor };
  const [since, now] = [instantIn(stoppedAt), serverClock(child)];
  if (since === undefined || now === undefined || now - since <= NOTICE_MS) return { ...run, waitsFor };
  const text = `It waits for the execution ${id} of a sub-workflow, which has ended (${nameFor(status)}).`;
  return { ...run, waitsFor, flag: { kind: 'orphaned', by: 'tardy', text, since } };
}

/** The execution that the last node of an execution has started. */
function subExecutionOf(body: unknown): string | undefined {
  const data = isObject(body) ? body['data'] : undefined;
  // Older versions send it as a text.
  if (!isObject(data)) return undefined;
  const result = memberOf(data, 'resultData');
  const node = textField(result, 'lastNodeExecuted', SYSTEM);
  const runs = node === undefined ? [] : (listField(memberOf(result, 'runData'), node, SYSTEM) ?? []);
  const last = runs.at(-1);
  return isObject(last)
    ? textField(memberOf(memberOf(last, 'metadata'), 'subExecution'), 'executionId', SYSTEM)
    : undefined;
}
