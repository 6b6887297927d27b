import { expect, it } from 'vitest';
import { limitReached, longestRun, tagLimits } from './limits.js';

const tags = (text: Readonly<Record<string, string>>) => new Map(Object.entries(text));

it.each([
  ['- key: team\n  limit: 2\n', [{ key: 'team', value: undefined, perValue: false, limit: 2 }]],
  ['- key: team\n  value: ml\n  limit: 2\n', [{ key: 'team', value: 'ml', perValue: false, limit: 2 }]],
  [
    '- key: team\n  value:\n    applyLimitPerUniqueValue: true\n  limit: 1\n',
    [{ key: 'team', value: undefined, perValue: true, limit: 1 }],
  ],
  ['- key: team\n- limit: 3\n- 7\n', []],
  ['team: 3', []],
  ['a: [', []],
  ['', []],
  [null, []],
])('%j holds the limits %j', async (text, limits) => {
  expect(await tagLimits(text)).toEqual(limits);
});

it.each([
  ['any value', '- key: team\n  limit: 2', { team: 'ml' }, [{ team: 'ml' }, { team: 'web' }], true],
  ['any value, with room', '- key: team\n  limit: 3', { team: 'ml' }, [{ team: 'ml' }, { team: 'web' }], false],
  ['another value', '- key: team\n  value: web\n  limit: 1', { team: 'ml' }, [{ team: 'web' }], false],
  ['its value', '- key: team\n  value: ml\n  limit: 1', { team: 'ml' }, [{ team: 'ml' }], true],
  [
    'each value',
    '- key: team\n  value: { applyLimitPerUniqueValue: true }\n  limit: 1',
    { team: 'ml' },
    [{ team: 'web' }],
    false,
  ],
  [
    'each value, its own reached',
    '- key: team\n  value: { applyLimitPerUniqueValue: true }\n  limit: 1',
    { team: 'ml' },
    [{ team: 'web' }, { team: 'ml' }],
    true,
  ],
  ['a tag that it lacks', '- key: team\n  limit: 0', { other: 'x' }, [{ team: 'ml' }], false],
])('a limit on %s', async (_, yaml, own, atWork, reached) => {
  const limit = limitReached(await tagLimits(yaml), tags(own), atWork.map(tags));
  expect(limit !== undefined).toBe(reached);
});

it.each([
  ['run_monitoring:\n  enabled: true\n  max_runtime_seconds: 7200\n', 7200],
  ['run_monitoring:\n  enabled: false\n  max_runtime_seconds: 7200\n', undefined],
  ['run_monitoring:\n  enabled: true\n  max_runtime_seconds: 0\n', undefined],
  ['run_monitoring: [max_runtime_seconds', undefined],
  ['run_storage: SqliteRunStorage\n', undefined],
  [null, undefined],
])('run monitoring of %j ends a run after %s seconds', async (info, seconds) => {
  expect(await longestRun(info)).toBe(seconds);
});
