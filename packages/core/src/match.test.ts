import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileMatch, isMatchField, matchesGlob, matchKeys, type RunMatch } from './match.js';
import { aRun } from './test-runs.js';

describe('matchesGlob', () => {
  it.each([
    { what: 'the same text', glob: 'nightly', text: 'nightly', matches: true },
    { what: 'another case', glob: 'nightly', text: 'Nightly', matches: false },
    { what: 'only a beginning', glob: 'night', text: 'nightly', matches: false },
    { what: 'a star for some text', glob: 'nightly-*', text: 'nightly-eu', matches: true },
    { what: 'a star for no text', glob: 'nightly-*', text: 'nightly-', matches: true },
    { what: 'a star across slashes and lines', glob: 'a*z', text: 'a/b\nz', matches: true },
    { what: 'a star that must step back', glob: '*-eu', text: 'a-eu-b-eu', matches: true },
    { what: 'stars in a row', glob: '**a**', text: 'bab', matches: true },
    { what: 'a question mark for one character', glob: 'run-?', text: 'run-7', matches: true },
    { what: 'a question mark for none', glob: 'run-?', text: 'run-', matches: false },
    { what: 'a question mark for two', glob: 'run-?', text: 'run-77', matches: false },
    { what: 'a question mark for an emoji', glob: 'run-?', text: 'run-🚀', matches: true },
    { what: 'two question marks for an emoji', glob: '*??', text: '🚀', matches: false },
    { what: 'what means much to a regular expression', glob: 'a.b[c]+(d|e)$', text: 'a.b[c]+(d|e)$', matches: true },
    { what: 'a point for any character', glob: 'a.b', text: 'axb', matches: false },
    { what: 'an empty glob for an empty text', glob: '', text: '', matches: true },
    { what: 'an empty glob for some text', glob: '', text: 'a', matches: false },
    { what: 'a star for an empty text', glob: '*', text: '', matches: true },
  ])('says $matches to $what', ({ glob, text, matches }) => {
    expect(matchesGlob(glob, text)).toBe(matches);
  });

  it('agrees with the regular expression of the glob', () => {
    const letters = (unit: readonly string[]) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 8 });
    fc.assert(
      fc.property(letters(['a', 'b', '*', '?', '.', '\n']), letters(['a', 'b', '.', '\n']), (glob, text) => {
        const pattern = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesGlob(glob, text)).toBe(new RegExp(`^${pattern}$`, 's').test(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no longer for a glob that makes regular expressions explode', () => {
    expect(matchesGlob('*a'.repeat(30) + 'b', 'a'.repeat(4000))).toBe(false);
  });
});

describe('compileMatch', () => {
  const run = aRun({
    source: 'ci',
    type: 'nightly-eu',
    workspace: { id: 'w1', name: 'Contoso' },
    tenant: { id: '7', name: 'Acme' },
    labels: { env: 'prod', 'a.b': 'c' },
  });

  it.each<{ what: string; match: RunMatch; matches: boolean }>([
    { what: 'nothing asked for', match: {}, matches: true },
    { what: 'its source and type', match: { source: 'ci', type: 'nightly-*' }, matches: true },
    { what: 'its source, but another type', match: { source: 'ci', type: 'weekly-*' }, matches: false },
    { what: 'any of a list', match: { type: ['weekly-*', 'nightly-*'] }, matches: true },
    { what: 'none of a list', match: { type: ['weekly-*', 'monthly-*'] }, matches: false },
    { what: 'an empty list', match: { type: [] }, matches: false },
    { what: 'the ids of its owners', match: { workspace: 'w1', tenant: '7' }, matches: true },
    { what: 'the name of its tenant, which it may choose itself', match: { tenant: 'Acme' }, matches: false },
    { what: 'a label', match: { 'labels.env': 'prod' }, matches: true },
    { what: 'a label with a point in its name', match: { 'labels.a.b': 'c' }, matches: true },
    { what: 'a label that it lacks', match: { 'labels.team': '*' }, matches: false },
    { what: 'a label that every object inherits', match: { 'labels.toString': '*' }, matches: false },
    { what: 'a field that does not exist', match: { title: '*' }, matches: false },
    { what: 'a field that every object inherits', match: { constructor: '*' }, matches: false },
  ])('says $matches to $what', ({ match, matches }) => {
    expect(compileMatch(match)(run)).toBe(matches);
  });

  it.each([
    { what: 'a tenant', match: { tenant: '*' } },
    { what: 'a workspace', match: { workspace: '*' } },
  ])('does not match a run without $what', ({ match }) => {
    expect(compileMatch(match)(aRun())).toBe(false);
  });
});

describe('isMatchField', () => {
  it.each([
    { name: 'source', can: true },
    { name: 'tenant', can: true },
    { name: 'labels.a', can: true },
    { name: 'labels.', can: false },
    { name: 'label.a', can: false },
    { name: 'typ', can: false },
    { name: 'toString', can: false },
  ])('says $can of $name', ({ name, can }) => {
    expect(isMatchField(name)).toBe(can);
  });
});

describe('matchKeys', () => {
  it('reads each field that some match names, once', () => {
    const keys = matchKeys([{ type: 'a', 'labels.env': 'b' }, { type: 'c' }, { title: 'd' }]);
    expect(keys).toHaveLength(2);
    expect(keys.map((key) => key(aRun({ type: 'sync', labels: { env: 'prod' } })))).toEqual(['sync', 'prod']);
  });
});
