const LONGEST = 4096;

/**
 * The path of a build or of a queue item below the URL of Jenkins: unique, and where its API is found.
 *
 * Walks over the segments instead of matching an expression, which a URL made for it could slow down without bound.
 */
export function jenkinsPath(url: unknown): string | undefined {
  const segments = segmentsOf(url);
  const last = segments.at(-1);
  if (last === undefined || !/^\d+$/.test(last)) return undefined;
  if (segments.at(-3) === 'queue' && segments.at(-2) === 'item') return `queue/item/${last}`;
  const start = segments.indexOf('job');
  return start >= 0 && segments.length - start >= 3 ? segments.slice(start).join('/') : undefined;
}

/** The path of a job below the URL of Jenkins. */
export function jenkinsJobPath(url: unknown): string | undefined {
  const segments = segmentsOf(url);
  const start = segments.indexOf('job');
  return start >= 0 && segments.length - start >= 2 ? segments.slice(start).join('/') : undefined;
}

function segmentsOf(url: unknown): readonly string[] {
  if (typeof url !== 'string' || url.length > LONGEST) return [];
  const segments = url.split('/');
  if (segments.at(-1) === '') segments.pop();
  return segments;
}

/** The full name of a job, with its folders and branch, from its path. */
export function jobName(path: string): string {
  const parts = path.split('/');
  let job = decoded(parts[1] ?? '');
  for (let at = 3; at < parts.length; at += 2) job += `/${decoded(parts[at] ?? '')}`;
  return job;
}

/** The full name of the job of a build, from the path of the build. */
export function jobNameOfBuild(path: string): string {
  return jobName(path.slice(0, path.lastIndexOf('/')));
}

function decoded(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
