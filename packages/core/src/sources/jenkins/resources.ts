import type { Run } from '../../run.js';
import { isObject, isText, listField, queryText, textField, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import type { SourceFetch } from '../source.js';
import { JENKINS, jenkinsRequest } from './api.js';

/** How the plugin Lockable Resources says what an item waits for: by the names of resources, or by a label of theirs. */
const WAITING = /^Waiting for (?:resource instances \[?([^\]]{1,1000})\]?|resources with label (.{1,200}))$/;

const FIELDS = 'resources[name,labels,locked,buildName,reserved,reservedBy]';

/**
 * Looks at who holds the resources that an item waits for: people, builds that are building, or builds that have ended, which never
 * give a resource back. All items make the same request for the resources.
 */
export async function inspectResources(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  const [, names, label] = WAITING.exec(run.labels['why'] ?? '') ?? [];
  if (names === undefined && label === undefined) return run;
  const page = `${address}lockable-resources/api/json?${queryText([['tree', FIELDS]])}`;
  const response = await fetch({ url: page, accept: [403, 404] });
  if (response.status >= 400) return run;
  const wanted = new Set(names?.split(',').map((name) => name.trim()));
  const resources = (listField(response.body, 'resources', JENKINS) ?? [])
    .filter(isObject)
    .filter((resource) => wanted.has(String(resource['name'])) || hasLabel(resource, label));
  const holders: Holder[] = [];
  for (const resource of resources) {
    const holder = await holderOf(resource, address, fetch);
    if (holder !== undefined) holders.push(holder);
  }
  const [first] = holders;
  if (first === undefined) return run;
  const alive = holders.find(({ ended }) => ended === undefined);
  const { resource, name, id } = alive ?? first;
  const waitsFor = { kind: 'resource', id, name: `${resource}, held by ${name}` };
  if (alive !== undefined) return { ...run, waitsFor };
  const text = `It waits for the resource ${resource}, which is held by ${name}, ${first.ended ?? 'ended'}.`;
  return { ...run, waitsFor, flag: { kind: 'orphaned', by: 'tardy', text } };
}

/** Who holds a resource; `ended` says how it has ended if it is a build that has. */
type Holder = {
  readonly resource: string;
  readonly name: string;
  readonly id?: string | undefined;
  readonly ended?: string | undefined;
};

function hasLabel(resource: JsonObject, label: string | undefined): boolean {
  return label !== undefined && (textField(resource, 'labels', JENKINS) ?? '').split(' ').includes(label);
}

async function holderOf(row: JsonObject, address: string, fetch: SourceFetch): Promise<Holder | undefined> {
  const resource = nameFor(row['name']);
  if (row['reserved'] === true) return { resource, name: nameFor(row['reservedBy']) };
  const build = textField(row, 'buildName', JENKINS);
  if (row['locked'] !== true || build === undefined) return undefined;
  const id = pathOf(build);
  const held = { resource, name: nameFor(build), id };
  if (id === undefined) return held;
  const response = await fetch({ ...jenkinsRequest(`${address}${id}/`, 'building,result'), accept: [403, 404] });
  if (response.status === 404) return { ...held, ended: 'which Jenkins no longer has' };
  const { building, result } = isObject(response.body) ? response.body : {};
  return building === false
    ? { ...held, ended: `which has ended (${isText(result) ? nameFor(result) : 'no result'})` }
    : held;
}

/** The path of a build that the plugin names as people see it: `folder » job #12`, or `folder/job #12`. */
function pathOf(name: string): string | undefined {
  const [, job, number] = /^(.{1,1000}) #(\d{1,10})$/.exec(name) ?? [];
  if (job === undefined || number === undefined) return undefined;
  const parts = job.split(/ » |\//).map((part) => `job/${encodeURIComponent(part)}`);
  return `${parts.join('/')}/${number}`;
}
