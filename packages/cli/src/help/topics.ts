import { DEFAULT_FIELDS } from '@tardy/core';
import { SOURCE_KINDS } from '@tardy/core/sources';
import { FORMAT_NAMES, FORMATS } from '../output/formats/registry.js';

/** One topic of `tardy help`. */
type Topic = { readonly about: string; readonly text: () => string };

/** What `tardy help` explains beside the commands. What systems, formats and defaults there are comes from where they are defined. */
export const TOPICS = {
  sources: { about: 'where runs can be read, and how to write that', text: sourcesText },
  environment: { about: 'the variables that Tardy reads', text: environmentText },
  policy: { about: 'when a run is late or likely stuck', text: policyText },
  'exit-codes': { about: 'what the exit codes of each command mean', text: exitCodesText },
  formats: { about: 'the formats of a report', text: formatsText },
} as const satisfies Readonly<Record<string, Topic>>;

/** The name of a topic. */
export type TopicName = keyof typeof TOPICS;

/** Whether there is a topic of that name. */
export function isTopic(name: string): name is TopicName {
  return Object.hasOwn(TOPICS, name);
}

function sourcesText(): string {
  const rows = Object.values(SOURCE_KINDS).flatMap(({ title, example, moreExamples = [] }) => [
    [example, title],
    ...moreExamples.map((more) => [more, '']),
  ]);
  return `A source is a place that runs are read from: a URI on the command line, or a name from the config.

${columns([...rows, ['file:runs.json', 'runs in a file: a page, a report, or one run per line'], ['-', 'the same on standard input']])}

The token of a source given as a URI comes from a variable: tardy help environment. In a config, a token is a reference:
  sources:
    web: { kind: github, repository: acme/web, token: '\${env:GITHUB_TOKEN}' }

Without a source, all of the config are read; without a config, in a CI job its own repository or project.
Find out whether a source works: tardy doctor`;
}

function environmentText(): string {
  const tokens = Object.values(SOURCE_KINDS).flatMap(({ kind, title, tokenVariables }) =>
    tokenVariables.map((name) => [name, `token for ${title} (${kind}:…)`]),
  );
  return `${columns([...GENERAL_VARIABLES.map(([name, what]) => [name, what]), ...tokens])}

A config refers to any other variable by name: token: '\${env:NAME}'.`;
}

const GENERAL_VARIABLES: readonly (readonly [string, string])[] = [
  ['TARDY_CONFIG', 'the config file, as with --config'],
  ['TARDY_ALLOW_SECRETS', 'what a config that was found may send where: NAME@https://host, several with commas'],
  ['NO_COLOR, FORCE_COLOR', 'no color, color without a terminal; --color and --no-color win'],
  ['COLUMNS', 'the width where the terminal reports none'],
  ['LANG, LC_ALL', 'whether the terminal shows Unicode'],
  ['CI', 'a CI job: no animation, and no config that is not named'],
  ['HTTPS_PROXY, HTTP_PROXY', 'the proxy; NO_PROXY lists the hosts that need none'],
  ['NODE_EXTRA_CA_CERTS', 'a file of certificates to trust, as --ca'],
  ['KUBECONFIG', 'the clusters behind the names of contexts'],
];

function policyText(): string {
  const { queue, run, silence, hold, deadline } = DEFAULT_FIELDS;
  return `A run is late after one threshold and likely stuck after another. Which clock runs depends on what the run does:

${columns([
  ['clock', 'runs while the run', 'late', 'likely stuck'],
  ['queue', 'waits to start', queue.late, queue.stale],
  ['run', 'runs', run.late, run.stale],
  ['silence', 'sends no heartbeat, where its source has one', silence.late, silence.stale],
  ['hold', 'legitimately waits, for an approval or a schedule', hold.late, hold.stale],
  ['deadline', 'is past the end that was promised', '0s', deadline.grace],
])}

These are the built-in thresholds. A policy file, or policy: in the config, sets others, for all runs or by rules:
  defaults:
    run: { late: 2h, stale: 1d }
  rules:
    - match: { type: nightly-* }
      run: { late: 6h }

See the one in use: tardy policy show. Why a run is judged so: tardy show <source> <run-id> --explain.
What another policy would change: tardy policy test --policy <file>`;
}

function exitCodesText(): string {
  return `tardy check
${columns([
  ['  0', 'everything was read and judged, and nothing reached --fail-on'],
  ['  1', 'at least one run reached --fail-on (likely stuck by default)'],
  ['  2', 'usage, config or policy error; nothing was judged'],
  ['  3', 'cannot tell: a source failed or is incomplete, or a run cannot be judged'],
])}

tardy watch exits like check, for the last state that it showed.
The other commands never exit with 1: 0 is done, 2 is an error of the caller, 3 is a source that could not be read completely.
Every command exits with 130 after Ctrl-C and with 143 after SIGTERM, except serve: stopping it is its normal end, 0.`;
}

function formatsText(): string {
  return `${columns(FORMAT_NAMES.map((name) => [name, FORMATS[name].about]))}

Several at once, each but one with a file: --format text,json=report.json
Fields instead of the complete JSON: --json id,state,title. Filtered by jq: --jq '.runs[].run.id'
For people who have no terminal: tardy report`;
}

/** Rows in columns, two spaces apart; the last one is not padded. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
