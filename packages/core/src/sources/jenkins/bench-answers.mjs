// The responses that the benchmark of the sources serves: recorded rows, repeated with an id of their own.
import { recorded } from '../testing/bench.mjs';

export const uri = 'jenkins:https://host.example';

/** The config of the source besides its URL. */
export const config = {};

/** With `total` active runs: from a request to the text of the response, and headers where the system pages by them. */
export function answers(total) {
  const [computer] = recorded('jenkins/computers').computer;
  const [executor] = computer.executors;
  const executors = Array.from({ length: total }, (_, index) => {
    const url = `http://0.0.0.0:8080/job/freestylejob/${index + 1}/`;
    return { ...executor, currentExecutable: { ...executor.currentExecutable, number: index + 1, url } };
  });
  const text = JSON.stringify({ computer: [{ ...computer, executors, oneOffExecutors: [] }] });
  const builds = Array.from({ length: total }, (_, index) => {
    const url = `http://0.0.0.0:8080/job/freestylejob/${index + 1}/`;
    return [0, 1, 2, 3, 4].map((age) => ({ url: age === 0 ? url : `${url}${age}/`, building: age === 0 }));
  });
  const jobs = JSON.stringify({ jobs: builds.map((newest) => ({ builds: newest })) });
  return ({ url }) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith('/queue/api/json')) return { text: '{"items":[]}' };
    return { text: pathname.endsWith('/computer/api/json') ? text : jobs };
  };
}
