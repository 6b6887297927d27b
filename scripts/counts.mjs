// The result of a job, as the one line that ends it.

/** Adds up `{ passed, failed }` pairs. */
export function total(counts) {
  return counts.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  });
}

/** Prints `N passed, N failed` as the last line and sets the exit code by it. */
export function finish(counts) {
  const { passed, failed } = total(counts);
  process.exitCode = failed === 0 ? 0 : 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
}

/** Prints one step with its verdict; `detail` follows indented. */
export function printStep({ name, ok, detail = '' }) {
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'}  ${name}\n`);
  const text = detail.trim();
  if (text !== '') process.stdout.write(`${text.replaceAll(/^/gm, '      ')}\n`);
}
