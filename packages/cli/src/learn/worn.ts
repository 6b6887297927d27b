import type { Policy, ReportWorn } from '@tardy/core';
import { History, wornRules, type WornRule } from '@tardy/core/learn';
import { historyRows, type RecordContents } from '../record/read-record.js';

/** Rules that no longer fit, as outputs name them. */
export function wornToWire(worn: readonly WornRule[]): ReportWorn[] {
  return worn.map(({ rule, level, since, target, runs, exceedances }) => ({
    code: 'policy_worn',
    rule: `rules[${rule}].run.${level}`,
    since,
    target,
    runs,
    exceedances,
  }));
}

/** The learned rules of a policy that no longer fit the runs of a record. */
export function wornByRecord(record: RecordContents, policy: Policy): readonly ReportWorn[] {
  const history = new History();
  for (const row of historyRows(record)) history.add(row);
  return wornToWire(wornRules(history, policy));
}
