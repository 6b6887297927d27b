/** Deterministic numbers from 0 to 1 (mulberry32), so that every run of a benchmark has the same input. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const MINUTE = 60_000;

/** The instant at which the benchmarks judge. */
export const NOW = Date.parse('2026-11-23T10:00:00Z');

/** A run in wire form: two thirds running (most with a heartbeat), the rest queued, held or flagged; few of them stale. */
export function wireRun(index, random) {
  const at = (minutes) => new Date(NOW - Math.round(minutes * MINUTE)).toISOString();
  const kind = random();
  const run = {
    id: `op_${index}`,
    type: ['baseline_compare', 'backup', 'sync', 'report'][Math.floor(random() * 4)],
    title: `Operation ${index}`,
    workspace: { id: 'w1', name: 'Contoso' },
    tenant: { id: String(Math.floor(random() * 200)), name: 'Fabrikam' },
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    progress: { processed: Math.floor(random() * 40), total: 40, unit: 'policies' },
    initiator: { kind: 'user', name: 'dana' },
    url: `https://host.example/admin/operations/${index}`,
    labels: { env: 'prod' },
    native: { status: 'processing' },
  };
  if (kind < 0.6) {
    const odd = random();
    const silent = odd < 0.001 ? 11 + random() * 60 : odd < 0.002 ? 3 + random() * 5 : random() * 1.5;
    return { ...run, queued_at: at(silent + 31), started_at: at(silent + 30), heartbeat_at: at(silent) };
  }
  if (kind < 0.75) return { ...run, queued_at: at(41), started_at: at(random() * 40) };
  if (kind < 0.95) return { ...run, status: 'queued', queued_at: at(random() * 4.9) };
  return { ...run, hold: 'approval', hold_since: at(random() * 600), queued_at: at(700) };
}
