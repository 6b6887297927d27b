import { describe, expect, it } from 'vitest';
import { jenkinsJobPath, jenkinsPath, jobName, jobNameOfBuild } from './path.js';

describe('the path of a build or an item', () => {
  it.each([
    ['https://ci.example/job/a/5/', 'job/a/5'],
    ['https://ci.example/jenkins/job/a/job/b/15', 'job/a/job/b/15'],
    ['https://ci.example/view/all/job/a/5/', 'job/a/5'],
    ['https://ci.example/job/m/label=linux/7/', 'job/m/label=linux/7'],
    ['job/a/5', 'job/a/5'],
    ['https://ci.example/queue/item/599/', 'queue/item/599'],
    ['https://ci.example/job/a/', undefined],
    ['https://ci.example/job/5/', undefined],
    ['https://ci.example/a/5/', undefined],
    [`https://ci.example/${'job/a/'.repeat(700)}5`, undefined],
    [undefined, undefined],
    [7, undefined],
  ])('of %s', (url, path) => {
    expect(jenkinsPath(url)).toBe(path);
  });

  it('is found in no time in a URL that was made to slow it down', () => {
    const url = `https://ci.example${'/job/a'.repeat(60_000)}x`;
    const begin = performance.now();
    expect([jenkinsPath(url), jenkinsJobPath(url)]).toEqual([undefined, undefined]);
    expect(performance.now() - begin).toBeLessThan(50);
  });
});

it('of a job ends with its name', () => {
  expect(jenkinsJobPath('https://ci.example/jenkins/job/a/job/b/')).toBe('job/a/job/b');
  expect(jenkinsJobPath('https://ci.example/')).toBeUndefined();
});

it('names the job with its folders', () => {
  expect(jobName('job/folder/job/a%20b')).toBe('folder/a b');
  expect(jobName('job/50%/job/b')).toBe('50%/b');
  expect(jobNameOfBuild('job/folder/job/b/12')).toBe('folder/b');
  expect(jobNameOfBuild('job/m/label=linux/12')).toBe('m');
});
