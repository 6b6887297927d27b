import { parseDuration } from './duration.js';
import { DURATIONS, FLAG_EFFECTS, withDefaults, type PolicyDocument, type PolicyFields } from './policy-document.js';
import { FLAG_KINDS, type FlagKind } from './run.js';

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
  | `flag.${FlagKind}.late`
  | `flag.${FlagKind}.stale`
  | 'clock_tolerance';

/** Where the values of the first layer come from. */
export const DEFAULTS = 'defaults';

type ThresholdValue = number | boolean;

/** What one part of a policy names: `values`, and in `paths` where in the document each is written. */
export type Layer = {
  readonly values: Partial<Record<ThresholdName, ThresholdValue>>;
  readonly paths: Partial<Record<ThresholdName, string>>;
};

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
      origins[name] = layer.paths[name] as string;
    }
  }
  return { values, origins };
}

/** The layers of a document that has been checked, defaults first. */
export function layersOf(document: PolicyDocument): Layer[] {
  return [
    layerOf(withDefaults(document.defaults), DEFAULTS),
    ...(document.rules ?? []).map((rule, index) => layerOf(rule, `rules[${index}]`)),
  ];
}

function layerOf(fields: PolicyFields, origin: string): Layer {
  const values: Layer['values'] = {};
  const paths: Layer['paths'] = {};
  const put = (name: ThresholdName, value: ThresholdValue | undefined, path = `${origin}.${name}`) => {
    if (value === undefined) return;
    values[name] = value;
    paths[name] = path;
  };
  const duration = (name: ThresholdName, text: string | undefined, path?: string) =>
    put(name, text === undefined ? undefined : parseDuration(text), path);
  for (const [clock, names] of Object.entries(DURATIONS)) {
    const group = fields[clock as keyof typeof DURATIONS] as Readonly<Record<string, string | undefined>> | undefined;
    for (const name of names) duration(`${clock}.${name}` as ThresholdName, group?.[name]);
  }
  const { flag } = fields;
  for (const kind of FLAG_KINDS) {
    // The short form is named as it is written.
    const [group, path] = typeof flag === 'string' ? [FLAG_EFFECTS[flag], `${origin}.flag`] : [flag?.[kind], undefined];
    duration(`flag.${kind}.late`, group?.late, path);
    duration(`flag.${kind}.stale`, group?.stale, path);
  }
  duration('clock_tolerance', fields.clock_tolerance);
  put('silence.vouches', fields.silence?.vouches);
  return { values, paths };
}
