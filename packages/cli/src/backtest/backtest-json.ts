import { formatInstant, type Instant } from '@tardy/core';
import { LEVELS, type LevelResult, type ReplayedAlarm } from '@tardy/core/learn';
import { historyJson } from '../history/history-json.js';
import type { BacktestFacts } from './backtest-facts.js';

/** A backtest as JSON: `backtest.schema.json` of core describes it. */
export function backtestJson(facts: BacktestFacts, generatedAt: Instant): unknown {
  const { reading, result, alarms, options, verdict, exitCode } = facts;
  return {
    schema: 'tardy.backtest/1',
    generated_at: formatInstant(generatedAt),
    complete: reading.complete,
    exit_code: exitCode,
    clock: result.clock,
    history: historyJson(reading),
    replay: {
      runs: result.replayed,
      from: instantJson(result.from),
      to: instantJson(result.to),
      endings: result.endings,
    },
    policies: result.candidates.map(({ name, kind, levels }, index) => ({
      name,
      kind,
      levels: Object.fromEntries(LEVELS.map((level) => [level, levelJson(levels[level])])),
      ...(options.alarms ? { alarms: alarms.filter(({ candidate }) => candidate === index).map(alarmJson) } : {}),
    })),
    promises: verdict.map(({ candidate, promise, kept, value, bound }) => ({
      policy: result.candidates[candidate]?.name,
      promise,
      kept,
      value: value ?? null,
      bound,
    })),
  };
}

function levelJson(result: LevelResult): unknown {
  const { runs, falseAlarms, hangs, hangsCaught, injected } = result;
  return {
    runs,
    false_alarms: falseAlarms,
    false_alarms_per_1000: runs === 0 ? null : rounded((1000 * falseAlarms) / runs),
    false_alarms_per_1000_at_most: runs === 0 ? null : rounded(1000 * result.falseRateAtMost),
    hangs,
    hangs_caught: hangsCaught,
    median_delay_s: secondsJson(result.medianDelay),
    median_lead_s: secondsJson(result.medianLead),
    cancelled_past: result.cancelledPast,
    refused_share: rounded(result.refusedShare),
    injected:
      injected === undefined
        ? null
        : { runs: injected.runs, caught: injected.caught, caught_within_1h: injected.withinHour },
  };
}

function alarmJson(alarm: ReplayedAlarm): unknown {
  return {
    level: alarm.level,
    source: alarm.source,
    type: alarm.type,
    id: alarm.id,
    attempt: alarm.attempt,
    started_at: formatInstant(alarm.startedAt),
    at: formatInstant(alarm.at),
    ended_at: formatInstant(alarm.endedAt),
    threshold_s: secondsJson(alarm.thresholdMs),
    rule: alarm.rule,
    outcome: alarm.outcome,
    meaning: alarm.meaning,
  };
}

function instantJson(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}

function secondsJson(ms: number | undefined): number | null {
  return ms === undefined ? null : ms / 1000;
}

/** Four digits after the point: more would claim more than some thousand runs can show. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
