import { describe, expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { cut, groupsOf, itemOf, omittedWords, plainText, subjectOf } from './message.js';
import { anAlert, due } from './test-message.js';

const messageOf = (...some: ReturnType<typeof due>[]) => ({ id: 'x', target: 'ops', at: NOON, due: some });
const many = (amount: number) => Array.from({ length: amount }, (_, index) => due('new', anAlert(String(index))));

describe('subjectOf', () => {
  it.each([
    { some: [due('new', anAlert('a'))], subject: 'Likely stuck: Back up a' },
    { some: [due('worse', anAlert('a'))], subject: 'Likely stuck: Back up a' },
    { some: [due('reminder', anAlert('a'))], subject: 'Still alarming: Back up a' },
    { some: [due('recovered', anAlert('a'))], subject: 'Recovered or ended: Back up a' },
    { some: [due('vanished', anAlert('a'))], subject: 'No longer listed by their source: Back up a' },
    {
      some: [...many(2), due('reminder', anAlert('b')), due('recovered', anAlert('c'))],
      subject: 'Stuck or late runs: 2 new, 1 reminder, 1 recovered',
    },
  ])('is $subject', ({ some, subject }) => {
    expect(subjectOf(messageOf(...some))).toBe(subject);
  });
});

describe('groupsOf', () => {
  it.each([
    { fresh: 20_000, recovered: 1, most: 20, listed: [19, 1], omitted: [19_981, 0] },
    { fresh: 20_000, recovered: 9, most: 20, listed: [17, 3], omitted: [19_983, 6] },
    { fresh: 2, recovered: 30, most: 20, listed: [2, 18], omitted: [0, 12] },
    { fresh: 5, recovered: 5, most: 1, listed: [1, 0], omitted: [4, 5] },
    { fresh: 5, recovered: 5, most: 0, listed: [0, 0], omitted: [5, 5] },
  ])('list $listed of $fresh new and $recovered recovered runs', ({ fresh, recovered, most, listed, omitted }) => {
    const over = Array.from({ length: recovered }, (_, index) => due('recovered', anAlert(`r${index}`)));
    const groups = groupsOf(messageOf(...many(fresh), ...over), most);
    expect(groups.map(({ items }) => items.length)).toEqual(listed);
    expect(groups.map((group) => group.omitted)).toEqual(omitted);
  });

  it('say how many they leave out', () => {
    const [group] = groupsOf(messageOf(...many(5)), 5);
    if (group === undefined) throw new Error('no group');
    expect(omittedWords(group)).toBeUndefined();
    expect(omittedWords({ ...group, omitted: 2 })).toBe('and 2 more');
    expect(omittedWords({ ...group, items: [], omitted: 1 })).toBe('1 run, not listed here');
    expect(omittedWords({ ...group, items: [], omitted: 2 })).toBe('2 runs, not listed here');
  });
});

describe('itemOf', () => {
  it.each([
    { title: 'Sync', id: 'op_1', shown: 'Sync' },
    { title: '', id: 'op_1', shown: 'op_1' },
    { title: '\u3164\u200b', id: 'op_1', shown: 'op_1' },
    { title: '\u3164', id: '\u200b', shown: 'A run without a name' },
  ])('is named $shown', ({ title, id, shown }) => {
    const run = { ...anAlert('a').run, title, id };
    expect(itemOf(due('new', anAlert('a', { run })), NOON).title).toBe(shown);
  });

  it.each([
    { url: 'https://host.example/a b?q=[x]{y}#z#w', shown: 'https://host.example/a%20b?q=%5Bx%5D%7By%7D#z%23w' },
    { url: 'https://host.example/100%', shown: 'https://host.example/100%25' },
    { url: 'javascript:alert(1)', shown: undefined },
    { url: `https://host.example/${'x'.repeat(1000)}`, shown: undefined },
    { url: undefined, shown: undefined },
  ])('links to $shown', ({ url, shown }) => {
    const run = { ...anAlert('a').run, url };
    expect(itemOf(due('new', anAlert('a', { run })), NOON).url).toBe(shown);
  });
});

it('words a message as plain text', () => {
  const text = plainText(messageOf(due('new', anAlert('a')), due('recovered', anAlert('b'))), 10);
  expect(text).toBe(`New (1)

- Back up a
  Likely stuck: No heartbeat for 42 min
  tenant_backup · Fabrikam · host · op_a
  https://host.example/runs/op_a

Recovered or ended (1)

- Back up b
  No longer stuck or late after 2 h: it ended: succeeded
  tenant_backup · Fabrikam · host · op_b
  https://host.example/runs/op_b
`);
});

it.each([
  { text: 'abc', most: 3, shown: 'abc' },
  { text: 'abcd', most: 3, shown: 'ab…' },
  { text: 'a\u{1f600}bc', most: 3, shown: 'a…' },
  { text: '\u{1f600}\u{1f600}x', most: 4, shown: '\u{1f600}…' },
])('cuts $text at $most without breaking a character', ({ text, most, shown }) => {
  expect(cut(text, most)).toBe(shown);
});
