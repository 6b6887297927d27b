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
  return ({ url }) => ({ text: url.includes('/queue/') ? '{"items":[]}' : text });
}
