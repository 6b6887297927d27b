import { describe, expect, it } from 'vitest';
import {
  DEFAULT_FIELDS,
  filledDocument,
  PolicyError,
  withDefaults,
  type PolicyDocument,
  type PolicyIssue,
} from './policy-document.js';
import { createPolicy, trustPolicy } from './policy.js';
import { defaultThresholds } from './thresholds.js';
import { aRun, DAY, HOUR, MINUTE, POLICY, SECOND } from './test-runs.js';

function policy(document: Omit<PolicyDocument, 'version'>) {
  return createPolicy({ version: 1, ...document });
}

function issuesOf(document: Omit<PolicyDocument, 'version'>): readonly PolicyIssue[] {
  try {
    policy(document);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues;
  }
}

describe('createPolicy', () => {
  it('fills in what the domain page says', () => {
    expect(POLICY.thresholdsFor(aRun())).toMatchObject({
      queueLate: 5 * MINUTE,
      queueStale: 30 * MINUTE,
      runLate: HOUR,
      runStale: 6 * HOUR,
      silenceLate: 2 * MINUTE,
      silenceStale: 10 * MINUTE,
      silenceVouches: true,
      holdLate: DAY,
      holdStale: Infinity,
      deadlineGrace: 10 * MINUTE,
      flags: {
        worker_lost: { late: 0, stale: 5 * MINUTE },
        orphaned: { late: 0, stale: 5 * MINUTE },
        cannot_start: { late: 0, stale: 5 * MINUTE },
        unresponsive: { late: 0, stale: 30 * MINUTE },
        stuck: { late: 0, stale: Infinity },
        late: { late: 0, stale: Infinity },
      },
      clockTolerance: 30 * SECOND,
    });
  });

  it('takes a default that is undefined for one that is absent', () => {
    const { runLate, rules } = policy({ defaults: { run: { late: undefined } } }).thresholdsFor(aRun());
    expect(runLate).toBe(HOUR);
    expect(rules['run.late']).toBe('defaults.run.late');
  });

  it('takes a field of a rule that is undefined for one that is absent', () => {
    const rules = [
      { match: { type: '*' }, run: { late: undefined }, silence: { vouches: undefined }, flag: undefined },
    ];
    const { runLate, silenceVouches, flags } = policy({ rules }).thresholdsFor(aRun());
    expect({ runLate, silenceVouches, stuck: flags.stuck }).toMatchObject({
      runLate: HOUR,
      silenceVouches: true,
      stuck: { late: 0, stale: Infinity },
    });
  });

  it('publishes a document that makes the same policy again', () => {
    const first = policy({
      defaults: { run: { late: '90s', stale: 'PT2H' }, silence: { vouches: false } },
      rules: [{ match: { type: ['a*', 'b'] }, flag: 'ignore', hold: { late: 'never' } }],
    });
    const second = createPolicy(first.document);
    expect(second.document).toEqual(first.document);
    expect(second.thresholdsFor(aRun({ type: 'b' }))).toEqual(first.thresholdsFor(aRun({ type: 'b' })));
    expect(first.document.defaults.run).toEqual({ late: '1m30s', stale: '2h' });
    expect(first.document.defaults.queue).toEqual(DEFAULT_FIELDS.queue);
    expect(first.document.rules).toEqual([{ match: { type: ['a*', 'b'] }, flag: 'ignore', hold: { late: 'never' } }]);
  });

  it.each([
    {
      what: 'a duration that cannot be read',
      document: { defaults: { run: { late: 'soon' } } },
      path: 'defaults.run.late',
      message: '"soon" is not a duration; write it as 90s, 15m, 2h, 1d12h, PT15M or never',
    },
    {
      what: 'one in a rule',
      document: { rules: [{ match: {}, deadline: { grace: '5' } }] },
      path: 'rules[0].deadline.grace',
      message: '"5" is not a duration; write it as 90s, 15m, 2h, 1d12h, PT15M or never',
    },
    {
      what: 'a tolerance without end',
      document: { defaults: { clock_tolerance: 'never' } },
      path: 'defaults.clock_tolerance',
      message: 'cannot be never; write a duration such as 30s',
    },
  ])('refuses $what and says how to fix it', ({ document, path, message }) => {
    expect(issuesOf(document)).toEqual([{ path, message }]);
  });

  it('tells every issue at once', () => {
    const document = { defaults: { run: { late: 'x', stale: 'y' } }, rules: [{ match: {}, queue: { late: 'z' } }] };
    expect(issuesOf(document).map(({ path }) => path)).toEqual([
      'defaults.run.late',
      'defaults.run.stale',
      'rules[0].queue.late',
    ]);
  });
});

describe('thresholdsFor', () => {
  const cascading = policy({
    defaults: { run: { late: '10m' } },
    rules: [
      { match: { type: 'nightly-*' }, run: { late: '3h', stale: '8h' } },
      { match: { source: 'ci' }, run: { stale: '9h' } },
      { match: { type: 'nightly-eu' }, run: { late: '4h' } },
    ],
  });

  it.each([
    {
      when: 'no rule matches',
      run: aRun({ source: 'x' }),
      late: [10 * MINUTE, 'defaults.run.late'],
      stale: [6 * HOUR, 'defaults.run.stale'],
    },
    {
      when: 'one rule names one field',
      run: aRun(),
      late: [10 * MINUTE, 'defaults.run.late'],
      stale: [9 * HOUR, 'rules[1].run.stale'],
    },
    {
      when: 'one rule names both',
      run: aRun({ source: 'x', type: 'nightly-us' }),
      late: [3 * HOUR, 'rules[0].run.late'],
      stale: [8 * HOUR, 'rules[0].run.stale'],
    },
    {
      when: 'a later rule overrides one field of it',
      run: aRun({ type: 'nightly-us' }),
      late: [3 * HOUR, 'rules[0].run.late'],
      stale: [9 * HOUR, 'rules[1].run.stale'],
    },
    {
      when: 'all match',
      run: aRun({ type: 'nightly-eu' }),
      late: [4 * HOUR, 'rules[2].run.late'],
      stale: [9 * HOUR, 'rules[1].run.stale'],
    },
  ])('lays the rules over one another when $when', ({ run, late, stale }) => {
    const { runLate, runStale, rules } = cascading.thresholdsFor(run);
    expect([runLate, rules['run.late']]).toEqual(late);
    expect([runStale, rules['run.stale']]).toEqual(stale);
  });

  it('names the origin of every value', () => {
    const match = { type: 'sync' };
    const { rules } = policy({
      rules: [{ match, silence: { vouches: false }, flag: 'stale', clock_tolerance: '1s', deadline: { grace: '1h' } }],
    }).thresholdsFor(aRun());
    expect(rules).toEqual({
      'queue.late': 'defaults.queue.late',
      'queue.stale': 'defaults.queue.stale',
      'run.late': 'defaults.run.late',
      'run.stale': 'defaults.run.stale',
      'silence.late': 'defaults.silence.late',
      'silence.stale': 'defaults.silence.stale',
      'silence.vouches': 'rules[0].silence.vouches',
      'hold.late': 'defaults.hold.late',
      'hold.stale': 'defaults.hold.stale',
      'deadline.grace': 'rules[0].deadline.grace',
      'flag.worker_lost.late': 'rules[0].flag',
      'flag.worker_lost.stale': 'rules[0].flag',
      'flag.unresponsive.late': 'rules[0].flag',
      'flag.unresponsive.stale': 'rules[0].flag',
      'flag.orphaned.late': 'rules[0].flag',
      'flag.orphaned.stale': 'rules[0].flag',
      'flag.cannot_start.late': 'rules[0].flag',
      'flag.cannot_start.stale': 'rules[0].flag',
      'flag.stuck.late': 'rules[0].flag',
      'flag.stuck.stale': 'rules[0].flag',
      'flag.late.late': 'rules[0].flag',
      'flag.late.stale': 'rules[0].flag',
      clock_tolerance: 'rules[0].clock_tolerance',
    });
  });

  it('applies a rule that asks for nothing to every run', () => {
    expect(policy({ rules: [{ match: {}, run: { late: '2h' } }] }).thresholdsFor(aRun()).runLate).toBe(2 * HOUR);
  });

  it('tells apart runs that lack a field and runs that have it', () => {
    const byTenant = policy({ rules: [{ match: { tenant: '*' }, run: { late: '2h' } }] });
    expect(byTenant.thresholdsFor(aRun()).runLate).toBe(HOUR);
    expect(byTenant.thresholdsFor(aRun({ tenant: { id: 'undefined' } })).runLate).toBe(2 * HOUR);
    expect(byTenant.thresholdsFor(aRun()).runLate).toBe(HOUR);
  });

  it('matches the rules once for runs that agree, up to a limit', () => {
    const byType = policy({ rules: [{ match: { type: 'x', source: 'ci' }, run: { late: '2h' } }] });
    /** How often the type of a run is read: once to find what is known of it, and again to match the rules. */
    const reads = () => {
      let count = 0;
      const type = () => ((count += 1), 'x');
      const run = Object.defineProperty({ ...aRun() }, 'type', { get: type });
      expect(byType.thresholdsFor(run).runLate).toBe(2 * HOUR);
      return count;
    };
    expect([reads(), reads()]).toEqual([2, 1]);
    for (let index = 0; index < 25_000; index++) byType.thresholdsFor(aRun({ type: `t${index}` }));
    expect([reads(), reads()]).toEqual([2, 1]);
  });

  it('gives runs the same thresholds that the same rules match, up to a limit', () => {
    const names = Array.from({ length: 15 }, (_, index) => `labels.l${index}`);
    const byLabel = policy({ rules: names.map((name) => ({ match: { [name]: '*' }, run: { late: '2h' } })) });
    const labelled = (text: string) => {
      const given = names.map((name) => name.slice('labels.'.length)).filter((_, bit) => text[bit] === '1');
      return byLabel.thresholdsFor(aRun({ labels: Object.fromEntries(given.map((name) => [name, text])) }));
    };
    const first = labelled('1');
    expect(labelled('10')).toBe(first);
    expect(labelled('01')).not.toBe(first);
    for (let index = 0; index < 25_000; index++) labelled(index.toString(2).padStart(15, '0'));
    expect(labelled('100')).not.toBe(first);
    expect(labelled('100')).toEqual(first);
  });
});

describe('the limits of the clocks', () => {
  it('are the thresholds with the rules that gave them', () => {
    const own = policy({
      defaults: { deadline: { grace: '7m' }, silence: { vouches: false }, clock_tolerance: '5s' },
      rules: [{ match: {}, queue: { late: '1m' }, flag: { stuck: { stale: '9m' } } }],
    });
    const thresholds = own.thresholdsFor(aRun());
    const limits = (clock: string, late: number, stale: number, lateRule = `defaults.${clock}.late`) => {
      return { late, stale, lateRule, staleRule: `defaults.${clock}.stale` };
    };
    expect(thresholds.limits).toMatchObject({
      queue: limits('queue', MINUTE, 30 * MINUTE, 'rules[0].queue.late'),
      run: limits('run', HOUR, 6 * HOUR),
      silence: limits('silence', 2 * MINUTE, 10 * MINUTE),
      hold: limits('hold', DAY, Infinity),
      deadline: {
        late: 0,
        stale: 7 * MINUTE,
        lateRule: 'defaults.deadline.grace',
        staleRule: 'defaults.deadline.grace',
      },
      flags: {
        stuck: { ...limits('flag.stuck', 0, 9 * MINUTE), staleRule: 'rules[0].flag.stuck.stale' },
        late: limits('flag.late', 0, Infinity),
      },
    });
    expect(thresholds).toMatchObject({
      queueLate: MINUTE,
      queueStale: 30 * MINUTE,
      runLate: HOUR,
      runStale: 6 * HOUR,
      silenceLate: 2 * MINUTE,
      silenceStale: 10 * MINUTE,
      silenceVouches: false,
      holdLate: DAY,
      holdStale: Infinity,
      deadlineGrace: 7 * MINUTE,
      clockTolerance: 5 * SECOND,
    });
  });

  it('are made once, whether or not a rule matches by a field', () => {
    for (const rules of [[], [{ match: { type: 'sync' }, run: { late: '2h' } }]]) {
      const own = policy({ rules });
      expect(own.thresholdsFor(aRun())).toBe(own.thresholdsFor(aRun({ id: '2' })));
      const rhythm = { heartbeatInterval: 3 * MINUTE };
      expect(own.thresholdsFor(aRun(rhythm))).toBe(own.thresholdsFor(aRun({ ...rhythm, id: '2' })));
      expect(own.thresholdsFor(aRun(rhythm))).not.toBe(own.thresholdsFor(aRun()));
      expect(own.thresholdsFor(aRun(rhythm)).runLate).toBe(own.thresholdsFor(aRun()).runLate);
      const known = own.thresholdsFor(aRun(rhythm));
      own.thresholdsFor(aRun({ heartbeatInterval: 4 * MINUTE }));
      expect(own.thresholdsFor(aRun(rhythm))).toBe(known);
    }
    expect.assertions(10);
  });
});

describe('the rhythm of a source', () => {
  const literal = [{ match: { type: 'sync' }, silence: { late: '1m' } }];

  it.each([
    { interval: undefined, rules: [], late: 2 * MINUTE, stale: 10 * MINUTE, by: 'defaults.silence.late' },
    { interval: 30 * SECOND, rules: [], late: 2 * MINUTE, stale: 10 * MINUTE, by: 'defaults.silence.late' },
    { interval: 30 * SECOND + 1, rules: [], late: 2 * MINUTE + 4, stale: 10 * MINUTE, by: 'source.rhythm' },
    { interval: 3 * MINUTE, rules: [], late: 12 * MINUTE, stale: 30 * MINUTE, by: 'source.rhythm' },
    { interval: 3 * MINUTE, rules: literal, late: MINUTE, stale: 30 * MINUTE, by: 'rules[0].silence.late' },
  ])('of $interval ms gives thresholds of $late and $stale by $by', ({ interval, rules, late, stale, by }) => {
    const thresholds = policy({ rules }).thresholdsFor(aRun({ heartbeatInterval: interval }));
    expect([thresholds.silenceLate, thresholds.silenceStale, thresholds.rules['silence.late']]).toEqual([
      late,
      stale,
      by,
    ]);
  });
});

describe('the document of a policy', () => {
  it('is filled in with every default', () => {
    expect(withDefaults()).toEqual(DEFAULT_FIELDS);
    expect(withDefaults({ deadline: { grace: undefined }, flag: { stuck: { stale: '1h' } } })).toEqual({
      ...DEFAULT_FIELDS,
      flag: { ...DEFAULT_FIELDS.flag, stuck: { late: '0s', stale: '1h' } },
    });
    expect(withDefaults({ flag: 'stale', clock_tolerance: '1s' })).toEqual({
      ...DEFAULT_FIELDS,
      flag: 'stale',
      clock_tolerance: '1s',
    });
  });

  it('has its durations in the shortest form, and nothing that a rule does not name', () => {
    const flag = { stuck: { late: 'PT1M' }, late: undefined, orphaned: {} };
    const document = filledDocument({
      rules: [{ match: { type: 'a' }, flag, clock_tolerance: 'PT1S' }, { match: {} }],
    });
    expect(document).toStrictEqual({
      version: 1,
      defaults: { ...DEFAULT_FIELDS },
      rules: [
        { match: { type: 'a' }, flag: { stuck: { late: '1m' }, orphaned: {} }, clock_tolerance: '1s' },
        { match: {} },
      ],
    });
  });
});

describe('a PolicyError', () => {
  it('names each issue on a line of its own', () => {
    const error = new PolicyError([
      { path: 'a', message: 'is missing' },
      { path: 'b', message: 'is empty' },
    ]);
    expect([error.name, error.message, error.issues.length]).toEqual(['PolicyError', 'a: is missing\nb: is empty', 2]);
  });
});

describe('defaultThresholds', () => {
  it.each([undefined, 1000, 60_000, 1000])(
    'are those of a policy that says nothing, at an interval of %s ms',
    (heartbeatInterval) => {
      const run = aRun({ heartbeatInterval });
      expect(defaultThresholds().thresholdsFor(run)).toEqual(createPolicy({ version: 1 }).thresholdsFor(run));
    },
  );

  it('are the same object for the same interval', () => {
    const { thresholdsFor } = defaultThresholds();
    expect(thresholdsFor(aRun({ heartbeatInterval: 5000 }))).toBe(thresholdsFor(aRun({ heartbeatInterval: 5000 })));
  });
});

describe('trustPolicy', () => {
  const document: PolicyDocument = { version: 1, defaults: { run: { late: '8h' } } };

  it('does not look for contradictions, but lets none through', () => {
    expect(() => createPolicy(document)).toThrow(PolicyError);
    expect(trustPolicy(document).thresholdsFor(aRun())).toMatchObject({ runLate: 6 * HOUR, runStale: 6 * HOUR });
  });

  it('refuses a duration that cannot be read', () => {
    expect(() => trustPolicy({ version: 1, defaults: { queue: { late: '?' } } })).toThrow('defaults.queue.late: "?"');
  });
});
