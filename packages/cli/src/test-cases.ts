import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SeenRequest } from './transport/test-server.js';

/**
 * Situations that people reported on the trackers of the systems, rebuilt small: `sources/<kind>/cases/<name>`. `answers.json`
 * holds the responses, of which the first that fits a request is sent (404 if none fits); `{{BASE}}` in a case stands for the URL
 * of the server. `expected.json` holds the exit code of `tardy check` and what must be true of the runs in its report.
 */
export type Case = {
  readonly kind: string;
  readonly name: string;
  readonly config: string;
  readonly answers: { readonly now: string; readonly routes: readonly Route[] };
  readonly expected: Expected;
};

type Route = {
  readonly method?: string;
  readonly path: string;
  /** Query parameters that the request has; `null` for one that it must not have. */
  readonly query?: Readonly<Record<string, string | number | null>>;
  /** Texts that the body of the request contains. */
  readonly bodyHas?: string | readonly string[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** A value that must be equal, or text that an expression must match. */
export type Wanted = unknown;

export type Expected = {
  readonly args?: readonly string[];
  readonly exit: number;
  readonly complete?: boolean;
  readonly totals?: Readonly<Record<string, Wanted>>;
  readonly runs?: Readonly<Record<string, Readonly<Record<string, Wanted>>>>;
  /** Ids that must not be in the report. */
  readonly absent?: readonly string[];
};

/** A response as it is sent. */
export type CaseResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** Where the folders of the sources are. */
export const SOURCES = fileURLToPath(new URL('../../core/src/sources/', import.meta.url));

/** All cases, by kind of source. */
export function readCases(folder = SOURCES): readonly Case[] {
  const kinds = readdirSync(folder).filter((kind) => existsSync(`${folder}${kind}/cases`));
  return kinds.flatMap((kind) => readdirSync(`${folder}${kind}/cases`).map((name) => readCase(folder, kind, name)));
}

function readCase(sources: string, kind: string, name: string): Case {
  const folder = `${sources}${kind}/cases/${name}/`;
  const read = (file: string): unknown => JSON.parse(readFileSync(`${folder}${file}`, 'utf8'));
  const config = `${folder}tardy.config.yaml`;
  return {
    kind,
    name,
    config: existsSync(config)
      ? readFileSync(config, 'utf8')
      : `version: 1\nsources:\n  ci: { kind: ${kind}, url: "{{BASE}}" }\n`,
    answers: read('answers.json') as Case['answers'],
    expected: read('expected.json') as Expected,
  };
}

/** The response of a case to a request. `base` is the URL of the server that sends it. */
export function caseResponse({ now, routes }: Case['answers'], request: SeenRequest, base: string): CaseResponse {
  const route = routes.find((one) => fits(one, request));
  const filled = (text: string) => text.replaceAll('{{BASE}}', base);
  const headers = Object.entries(route?.headers ?? {}).map(([name, value]) => [name, filled(value)] as const);
  return {
    status: route === undefined ? 404 : (route.status ?? 200),
    headers: {
      date: new Date(now).toUTCString(),
      'content-type': 'application/json',
      ...Object.fromEntries(headers),
    },
    text: filled(JSON.stringify(route === undefined ? { message: 'Not Found' } : (route.body ?? null))),
  };
}

function fits(route: Route, { method, url, body }: SeenRequest): boolean {
  const { pathname, searchParams } = new URL(url, 'http://case');
  const parts = [route.bodyHas ?? []].flat();
  return (
    (route.method ?? 'GET') === method &&
    route.path === pathname &&
    parts.every((part) => body.includes(part)) &&
    Object.entries(route.query ?? {}).every(([name, value]) => {
      const sent = searchParams.getAll(name);
      return value === null ? sent.length === 0 : sent.includes(String(value));
    })
  );
}
