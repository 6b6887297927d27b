import { parseDuration } from './duration.js';
import {
  DURATIONS,
  withDefaults,
  type FlagEffect,
  type PolicyDocument,
  type PolicyFields,
  type PolicyIssue,
} from './policy-document.js';

/** The name of a threshold, as it is written in a policy. */
export type ThresholdName =
  | 'queue.late'
  | 'queue.stale'
  | 'run.late'
  | 'run.stale'
  | 'silence.late'
  | 'silence.stale'
  | 'silence.vouches'
  | 'hold.late'
  | 'hold.stale'
  | 'deadline.grace'
  | 'flag'
  | 'clock_tolerance';

type ThresholdValue = number | boolean | FlagEffect;

/** Values and origins by threshold name: one step of the cascade. */
export type Layer = { readonly origin: string; readonly values: Partial<Record<ThresholdName, ThresholdValue>> };

/** Merges layers, later over earlier, and records where each value comes from. */
export function cascade(layers: readonly Layer[]): {
  values: Record<ThresholdName, ThresholdValue>;
  origins: Record<ThresholdName, string>;
} {
  const values = {} as Record<ThresholdName, ThresholdValue>;
  const origins = {} as Record<ThresholdName, string>;
  for (const layer of layers) {
    for (const key in layer.values) {
      const name = key as ThresholdName;
      values[name] = layer.values[name] as ThresholdValue;
      origins[name] = `${layer.origin}.${name}`;
    }
  }
  return { values, origins };
}

/** The layers of a document, defaults first; what cannot be read is added to `issues`. */
export function layersOf(document: PolicyDocument, issues: PolicyIssue[]): Layer[] {
  return [
    layerOf(withDefaults(document.defaults), 'defaults', issues),
    ...(document.rules ?? []).map((rule, index) => layerOf(rule, `rules[${index}]`, issues)),
  ];
}

function layerOf(fields: PolicyFields, origin: string, issues: PolicyIssue[]): Layer {
  const values: Layer['values'] = {};
  const duration = (name: ThresholdName, text: string | undefined) => {
    if (text === undefined) return;
    const ms = parseDuration(text);
    if (ms === undefined) {
      issues.push({
        path: `${origin}.${name}`,
        message: `"${text}" is not a duration; write it as 90s, 15m, 2h, 1d12h, PT15M or never`,
      });
    } else values[name] = ms;
  };
  for (const [clock, names] of Object.entries(DURATIONS)) {
    const group = fields[clock as keyof typeof DURATIONS] as Readonly<Record<string, string | undefined>> | undefined;
    for (const name of names) duration(`${clock}.${name}` as ThresholdName, group?.[name]);
  }
  duration('clock_tolerance', fields.clock_tolerance);
  if (values.clock_tolerance === Infinity) {
    issues.push({ path: `${origin}.clock_tolerance`, message: 'cannot be never; write a duration such as 30s' });
  }
  if (fields.silence?.vouches !== undefined) values['silence.vouches'] = fields.silence.vouches;
  if (fields.flag !== undefined) values.flag = fields.flag;
  return { origin, values };
}
