import { typeOf, valuesIn, withValue, type Json } from './test-damage-json.js';
import type { FuzzCase, Stuck } from './test-fuzz.js';

/** One value of each type. */
const VALUES: readonly Json[] = [7, 'text', [{}], { a: 7 }];

/**
 * Every value of every response that a check of a stuck run reads, replaced by values of every other type: what random cases hit now and
 * then, this hits once each. A number or a boolean is also replaced by its text.
 *
 * @param passes gives every so many-th case only, those of one `pass`.
 */
export function* sweep(all: readonly Stuck[], passes: number, pass: number): Generator<FuzzCase, void> {
  let seed = 0;
  for (const stuck of all) {
    const seen = new Set<string>();
    for (const [target, { key, text }] of stuck.sent.entries()) {
      if (seen.has(key)) continue;
      seen.add(key);
      for (const [index, value] of valuesIn(text).entries()) {
        for (const other of othersOf(value)) {
          if (seed++ % passes !== pass) continue;
          const apply: FuzzCase['damage']['apply'] = (response) => withValue(response, index, other);
          const damage = { name: 'every value', noticeable: true, apply };
          yield { seed: seed - 1, stuck, target, reach: 'same request', damage };
        }
      }
    }
  }
}

function othersOf(value: Json): readonly Json[] {
  if (value === null) return [];
  const others = VALUES.filter((other) => typeOf(other) !== typeOf(value));
  return typeof value === 'number' || typeof value === 'boolean' ? [...others, JSON.stringify(value)] : others;
}
