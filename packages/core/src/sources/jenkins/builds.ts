import { isObject, listField, listOf } from '../reading/body.js';
import type { SourceFetch } from '../source.js';
import { BUILD_TREE, JENKINS, jenkinsRequest } from './api.js';

/** Folders within folders that are looked into. */
const DEPTH = 10;

/** Builds of jobs, and what was left out of them. */
export type FoundBuilds = {
  readonly builds: readonly unknown[];
  /** There are folders deeper than `DEPTH`. */
  readonly incomplete?: string | undefined;
  /** Jenkins does not list its jobs. */
  readonly note?: string | undefined;
};

/**
 * Reads the newest builds of all jobs, those in folders included. Jenkins reads each build from its disk.
 *
 * @param fields of a build
 * @param count of builds of each job
 */
export async function readBuilds(
  address: string,
  count: number,
  fetch: SourceFetch,
  fields = BUILD_TREE,
): Promise<FoundBuilds> {
  let tree = 'jobs[name]';
  for (let level = 0; level < DEPTH; level++) tree = `jobs[builds[${fields}]{0,${count}},${tree}]`;
  const response = await fetch({ ...jenkinsRequest(address, tree), accept: [404] });
  if (response.status === 404)
    return { builds: [], note: 'Jenkins lists no jobs: only builds with an executor were read.' };
  const builds: unknown[] = [];
  const deeper = collect(listOf(response, 'jobs', JENKINS), builds, DEPTH);
  return { builds, incomplete: deeper ? `Folders more than ${DEPTH} deep were not looked into.` : undefined };
}

/** Gathers the builds of jobs, and of those in folders; says whether there are folders deeper than requested. */
function collect(jobs: readonly unknown[], found: unknown[], left: number): boolean {
  let deeper = false;
  for (const job of jobs) {
    if (left === 0) return true;
    // A job that is no object hides its builds, so it counts as one that cannot be read.
    if (!isObject(job)) found.push(job);
    else {
      for (const build of listField(job, 'builds', JENKINS) ?? []) found.push(build);
      deeper = collect(listField(job, 'jobs', JENKINS) ?? [], found, left - 1) || deeper;
    }
  }
  return deeper;
}
