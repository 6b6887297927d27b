const START = Date.UTC(2026, 0, 5);
const DAY = 86_400_000;
const MINUTE = 60_000;

const HEADER = 'type,id,attempt,queued_at,started_at,ended_at,outcome,native,limit_s';

/** A table of a CI job with 20 runs a day of about 10 min each; every 150th hangs until the limit of 6 h. The same text each time. */
export function ciTable({ days = 100, type = 'web/CI' } = {}): string {
  const time = (at: number) => new Date(at).toISOString();
  const rows = Array.from({ length: days * 20 }, (_, index) => {
    const startedAt = START + Math.floor(index / 20) * DAY + (index % 20) * 30 * MINUTE;
    const hangs = index % 150 === 149;
    // Between 8 and 12 min, spread evenly and without a pattern.
    const minutes = hangs ? 361 : 8 + ((index * 1597) % 4001) / 1000;
    const outcome = hangs || index % 11 === 0 ? 'failed,failure' : 'succeeded,success';
    return `${type},${index},1,${time(startedAt - 9000)},${time(startedAt)},${time(startedAt + Math.round(minutes * MINUTE))},${outcome},21600`;
  });
  return [HEADER, ...rows, ''].join('\n');
}
