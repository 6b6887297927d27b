import { parseDuration } from '../../duration.js';
import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { gitlabAddress } from './api.js';
import { groupProjects, type GroupProjects } from './group.js';
import { gitlabProject, type GitlabReader } from './project.js';
import { readPlaces } from '../reading/read-places.js';
import { SourceConfigError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { strictSource } from '../reading/strict-source.js';
import { GITLAB_SHAPES } from './shapes.js';

/**
 * A project on GitLab, several of them, or all of a group and the groups in it, each by path or id. `url` is the URL of a server
 * of one's own; `active` leaves out projects of the group in which nothing happened for longer than that; `children` reads child
 * pipelines as well.
 */
export type GitlabConfig = { readonly url?: string | undefined; readonly children?: boolean | undefined } & (
  | { readonly project: string }
  | { readonly projects: readonly string[] }
  | { readonly group: string; readonly active?: string | undefined }
);

/** How a project is named: by its path, or by its id. */
export const GITLAB_PROJECT = /^(?:\d+|[\w-][\w.-]*(?:\/[\w-][\w.-]*)+)$/;

/** How a group is named. */
export const GITLAB_GROUP = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** GitLab CI in short, for the registry of kinds. */
export const gitlabAdapter: SourceAdapter<GitlabConfig> = {
  create: gitlabSource,
  // Tokens of persons, projects, groups and OAuth all go as bearer; the token of a job has a header of its own.
  credentialHeaders: (token): Readonly<Record<string, string>> =>
    token.startsWith('glcbt-') ? { 'job-token': token } : { authorization: `Bearer ${token}` },
  configFromUri,
};

/** Reads pipelines from GitLab's REST API. GitLab tells no heartbeat of a pipeline. */
export function gitlabSource(name: string, config: GitlabConfig): Source {
  const address = gitlabAddress(config.url);
  return strictSource({ name, kind: 'gitlab', address, ...readerOf(name, address, config) }, 'GitLab', GITLAB_SHAPES);
}

function readerOf(name: string, address: string, config: GitlabConfig): GitlabReader {
  const { children } = config;
  if ('project' in config) return gitlabProject(name, address, config.project, { children });
  const readerOfProject = (project: string) =>
    gitlabProject(name, address, project, { prefix: `${project}/`, children });
  if ('projects' in config) {
    const given = { paths: [...new Set(config.projects)], note: undefined, incomplete: undefined };
    return severalProjects(readerOfProject, async () => given);
  }
  const activeWithin = parseDuration(config.active ?? 'never') ?? Infinity;
  return severalProjects(readerOfProject, (fetch) => groupProjects(address, config.group, activeWithin, fetch));
}

/** Reads several projects. The id of a run begins with its project: `group/project/1234567`. */
function severalProjects(
  projectOf: (project: string) => GitlabReader,
  find: (fetch: SourceFetch) => Promise<GroupProjects>,
): GitlabReader {
  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const { paths, note, incomplete } = await find(fetch);
    yield { runs: [], issues: [], note, incomplete };
    const listOf = (project: string) => projectOf(project).list(query, fetch);
    yield* readPlaces({ names: paths, plural: 'projects', titleOf: (project) => project, list: listOf });
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const { project, pipeline } = partsOf(id);
    return GITLAB_PROJECT.test(project) ? projectOf(project).get(pipeline, fetch) : undefined;
  }

  const inspect = (run: Run, fetch: SourceFetch) => projectOf(partsOf(run.id).project).inspect(run, fetch);

  return { list, get, inspect };
}

function partsOf(id: string): { readonly project: string; readonly pipeline: string } {
  const slash = id.lastIndexOf('/');
  return { project: id.slice(0, Math.max(0, slash)), pipeline: id.slice(slash + 1) };
}

/** What follows `gitlab:`: a path or an id, on gitlab.com or below the URL of a server. */
function configFromUri(rest: string): GitlabConfig {
  const { url, path } = /^https?:\/\//i.test(rest) ? onServer(rest) : { url: undefined, path: rest };
  // It may be the pasted URL of a page of the project.
  const place = path.split('/-/', 1)[0] ?? path;
  const group = place.replace(/\/$/, '');
  if (GITLAB_PROJECT.test(place)) return { project: place, url };
  if (GITLAB_GROUP.test(group)) return { group, url };
  throw new SourceConfigError(
    'Write a project as gitlab:group/project, all of a group as gitlab:group or gitlab:group/subgroup/, with the URL of a self-managed server before it: gitlab:https://host.example/group/project',
  );
}

function onServer(rest: string): { readonly url: string; readonly path: string } {
  const { origin, pathname } = new URL(baseUrl(rest, 'gitlab:https://host.example/group/project'));
  return { url: origin, path: pathname.slice(1) };
}
