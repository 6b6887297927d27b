import { DEFAULT_FIELDS } from '@tardy/core';
import { SOURCE_KINDS } from '@tardy/core/sources';
import type { FoundSource } from './look-around.js';

/** The name of the policy file, as the config refers to it. */
export const POLICY_FILE = 'tardy.policy.yaml';

/** A config with these sources, and the others as comments. */
export function configText(chosen: readonly FoundSource[], others: readonly FoundSource[]): string {
  const lines = [
    '# What Tardy reads. All fields: tardy help sources, and docs/reference/config.md in the repository of Tardy.',
    'version: 1',
    chosen.length === 0 ? 'sources: {}' : 'sources:',
    ...chosen.flatMap(sourceLines),
    ...(others.length === 0 ? [] : ['', '  # Also found:', ...others.flatMap(sourceLines).map(commented)]),
    ...(chosen.length + others.length === 0 ? ['# For example:', ...EXAMPLES] : []),
    '',
    '# When a run is late or likely stuck.',
    `policy: ${POLICY_FILE}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A policy that changes nothing, with everything that it could change. */
export function policyText(): string {
  const { queue, run, silence, hold, deadline } = DEFAULT_FIELDS;
  return `# When a run is late, and when it is likely stuck. What is a comment here shows the built-in values.
# See what is in use: tardy policy show. Try a change: tardy policy test --policy ${POLICY_FILE}
version: 1
# defaults:
#   queue: { late: ${queue.late}, stale: ${queue.stale} } # waits to start
#   run: { late: ${run.late}, stale: ${run.stale} } # runs, in a source without heartbeats
#   silence: { late: ${silence.late}, stale: ${silence.stale} } # sends no heartbeat, in a source that has them
#   hold: { late: ${hold.late}, stale: ${hold.stale} } # waits for an approval, a schedule or another run
#   deadline: { grace: ${deadline.grace} } # is past the end that was promised
# rules: # for some runs; later rules override earlier ones, field by field
#   - match: { type: nightly-* } # also source, tenant, workspace, labels.<name>
#     run: { late: 4h, stale: 8h }
`;
}

const EXAMPLES = Object.values(SOURCE_KINDS)
  .filter(({ kind, example }) => example.startsWith(`${kind}:`))
  .slice(0, 6)
  .map(({ kind, example }) => `#   ${kind}: ${quoted(example)}`);

function sourceLines({ name, kind, config, why, token }: FoundSource): string[] {
  if (typeof config === 'string') return [`  # ${oneLine(why)}`, `  ${name}: ${quoted(config)}`];
  const secret =
    token === undefined
      ? []
      : token.isSet
        ? [`    token: ${quoted(`\${env:${token.name}}`)}`]
        : [`    # token: ${quoted(`\${env:${token.name}}`)} # set that variable first`];
  return [
    `  # ${oneLine(why)}`,
    `  ${name}:`,
    `    kind: ${kind}`,
    ...Object.entries(config).map(([field, value]) => `    ${field}: ${quoted(value)}`),
    ...secret,
  ];
}

/** JSON is YAML: no value becomes anything but a text. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

function commented(line: string): string {
  return line.replace(/^ {2}(?:# )?/, '  # ');
}
