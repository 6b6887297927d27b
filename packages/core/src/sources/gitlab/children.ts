import type { Flag, Instant, Run, WaitsFor } from '../../run.js';
import { objectField, type JsonObject } from '../reading/body.js';
import { readOneRow } from '../reading/read-rows.js';
import { instantIn, lastOf } from '../reading/wire-time.js';
import { nameOf, PAUSE_MS, statusOf } from './job-times.js';
import type { PipelinePlace } from './place.js';
import { gitlabPipelineToWire } from './run.js';

/** Pipelines below each other that are looked into. */
const DEEPEST = 4;

/** Looks inside a pipeline. */
type Look = (pipeline: Run, place: PipelinePlace) => Promise<Run>;

/**
 * Looks at the pipelines that a pipeline triggered and waits for. What is known against one of them is known against it; while one of
 * them works, it works; and if all of them wait, it waits for what they wait for.
 *
 * @param bridges the trigger jobs that have begun and not ended.
 * @param rest when the last of the pipeline's own jobs ended, and the clock of the server.
 */
export async function inspectChildren(
  run: Run,
  bridges: readonly JsonObject[],
  place: PipelinePlace,
  rest: { readonly since: Instant | undefined; readonly clock: Instant | undefined },
  look: Look,
): Promise<Run> {
  const children: { readonly seen: Run; readonly waitsFor: WaitsFor }[] = [];
  for (const bridge of bridges) {
    const row = objectField(bridge, 'downstream_pipeline', 'GitLab');
    const child = row === undefined ? undefined : readOneRow(row, String(row['id']), run.source, toWire(row, place));
    if (row === undefined || child === undefined || child.status === 'completed') {
      const since = row === undefined ? rest.since : instantIn(row['updated_at']);
      if (since === undefined || rest.clock === undefined || rest.clock - since < PAUSE_MS) return run;
      return { ...run, flag: lostBridge(bridge, row, since) };
    }
    const waitsFor: WaitsFor = { kind: 'pipeline', id: child.id, url: child.url, state: statusOf(row) };
    const parents = [...place.parents, place.id];
    const project = `${place.address}api/v4/projects/${String(row['project_id'])}`;
    const seen = parents.length > DEEPEST ? child : await look(child, { ...place, project, id: child.id, parents });
    if (seen.flag !== undefined) {
      const text = `The pipeline ${child.id} that it waits for: ${seen.flag.text ?? seen.flag.kind}`;
      return { ...run, waitsFor, flag: { ...seen.flag, text } };
    }
    children.push({ seen, waitsFor });
  }
  const [first] = children;
  const working = children.filter(({ seen }) => seen.hold === undefined);
  if (first === undefined || working.length > 0) {
    const starts = working.map(({ seen }) => seen.phaseAt ?? seen.startedAt ?? seen.queuedAt);
    const phaseAt = lastOf(starts.filter((at) => at !== undefined));
    return { ...run, hold: undefined, phaseAt: phaseAt ?? run.phaseAt };
  }
  const { hold, holdSince, queuedAt, notBefore } = first.seen;
  return { ...run, hold, holdSince: holdSince ?? queuedAt, notBefore, waitsFor: first.waitsFor };
}

function toWire(row: JsonObject, place: PipelinePlace) {
  const origin = { project: String(row['project_id']), address: place.address, prefix: '' };
  return (pipeline: JsonObject) => gitlabPipelineToWire(pipeline, origin);
}

function lostBridge(bridge: JsonObject, child: JsonObject | undefined, since: Instant): Flag {
  const own = `Its trigger job ${nameOf(bridge)} is ${statusOf(bridge)}`;
  const text =
    child === undefined
      ? `${own} and has triggered no pipeline.`
      : `${own}, though the pipeline ${String(child['id'])} that it waits for has ended (${statusOf(child)}).`;
  return { kind: 'stuck', by: 'tardy', text, since };
}
