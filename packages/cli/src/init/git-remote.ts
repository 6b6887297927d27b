import type { GitRemote } from '@tardy/core/sources';

/** The remotes in the text of a git config, `origin` first. */
export function remotesIn(config: string): GitRemote[] {
  const found = new Map<string, GitRemote>();
  let section: string | undefined;
  for (const line of config.split('\n')) {
    section = /^\s*\[/.test(line) ? /^\s*\[remote "(.*)"\]/.exec(line)?.[1] : section;
    const url = section === undefined ? undefined : /^\s*url\s*=\s*(\S+)/.exec(line)?.[1];
    const remote = url === undefined ? undefined : remoteOf(url);
    if (section !== undefined && remote !== undefined && !found.has(section)) found.set(section, remote);
  }
  return [...found].sort(([one]) => (one === 'origin' ? -1 : 1)).map(([, remote]) => remote);
}

/** Where a remote leads; `undefined` for a path on this machine. Credentials in its URL are left behind. */
function remoteOf(url: string): GitRemote | undefined {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(url);
  if (short !== null) return remote(short[1] ?? '', short[2] ?? '');
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, pathname } = new URL(url);
  return /^(?:https?|ssh|git):$/.test(protocol) ? remote(hostname, pathname) : undefined;
}

function remote(host: string, path: string): GitRemote | undefined {
  const clean = path.replace(/^\/+|(?<!\/)\/+$/g, '').replace(/\.git$/, '');
  return /^[\w./-]+$/.test(clean) && clean.includes('/') ? { host: host.toLowerCase(), path: clean } : undefined;
}
