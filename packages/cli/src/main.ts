#!/usr/bin/env node
import { readFile, rename, writeFile } from 'node:fs/promises';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { CliIo, OutputStream } from './io.js';
import { sanitizeLines } from './output/sanitize.js';

const io: CliIo = {
  stdout: stream(process.stdout),
  stderr: stream(process.stderr),
  env: process.env,
  cwd: process.cwd(),
  now: () => Date.now(),
  readStdin: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  },
  readFile: async (path) => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
  writeFile: async (path, text) => {
    // A concurrent reader sees the old text or the new one, never half of it.
    const draft = `${path}.${process.pid}.tmp`;
    await writeFile(draft, text);
    await rename(draft, path);
  },
  connect: async (options) => {
    const { connect } = await import('./transport/connect.js');
    return connect(options);
  },
};

// A reader that has seen enough (`tardy list | head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? (process.exitCode ?? 0) : EXIT.CANNOT_TELL);
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    const { VERSION } = await import('./version.js');
    io.stdout.write(`${VERSION}\n`);
    return EXIT.OK;
  }
  try {
    const { runProgram } = await import('./program.js');
    return await runProgram(io, argv);
  } catch (error) {
    if (error instanceof UsageError) {
      io.stderr.write(sanitizeLines(`tardy: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`));
      return EXIT.USAGE;
    }
    // Never 1: that would say that a run is stuck.
    const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr.write(sanitizeLines(`tardy: internal error: ${story}\n`));
    return EXIT.CANNOT_TELL;
  }
}

function stream(target: NodeJS.WriteStream): OutputStream {
  return {
    write: (text) => void target.write(text),
    isTty: target.isTTY,
    columns: target.columns,
  };
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
