#!/usr/bin/env node
import { readFile, realpath, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { UsageError } from './errors.js';
import { EXIT } from './exit-code.js';
import type { OutputStream } from './io.js';
import { sanitizeLines } from './output/sanitize.js';
import { scrubbedIo } from './scrubbed-io.js';

const MOST_STDIN_BYTES = 256 * 1024 * 1024;

/** What stdout gets once the exit code is decided. */
const results: string[] = [];

const io = scrubbedIo({
  stdout: stream(process.stdout, (text) => void results.push(text)),
  stderr: stream(process.stderr, (text) => void process.stderr.write(text)),
  env: process.env,
  cwd: process.cwd(),
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  stdinIsTty: process.stdin.isTTY,
  readStdin: async () => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of process.stdin) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_STDIN_BYTES) throw new UsageError('Standard input is larger than 256 MiB.');
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  },
  readFile: async (path, within) => {
    try {
      if (within !== undefined) await refuseOutside(path, within);
      return await readFile(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (error instanceof UsageError) throw error;
      if (codeOf(error) === 'EISDIR') throw new UsageError(`${path} is a folder, not a file.`);
      throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
  openText: async (path) => {
    const { openText } = await import('./open-text.js');
    return openText(path);
  },
  fileAccess: async (path) => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return undefined;
    // Windows has neither owners nor modes that Node could tell.
    const user = process.getuid?.();
    return {
      ownedByOthers: user !== undefined && found.uid !== user && found.uid !== 0,
      writableByAll: user !== undefined && (found.mode & 0o002) !== 0,
    };
  },
  checkWritable: async (path) => {
    const { checkWritable } = await import('./write-output.js');
    await checkWritable(path);
  },
  writeFile: async (path, text, mode) => {
    const { writeOutput } = await import('./write-output.js');
    await writeOutput(path, text, mode);
  },
  readAsset: async (name) => {
    const sea = await import('node:sea');
    if (sea.isSea()) return new Uint8Array(sea.getAsset(name));
    try {
      return await readFile(new URL(`./page/${name}`, import.meta.url));
    } catch (error) {
      throw new UsageError(`This installation of Tardy lacks ${name}: ${String(error)}`, 'Install it again.');
    }
  },
  live: async () => {
    const { takeProcess } = await import('./live-io.js');
    return takeProcess();
  },
  scrub: (text) => text,
  appendFile: async (path, text) => {
    const { appendOutput } = await import('./write-output.js');
    await appendOutput(path, text);
  },
  connect: async (options) => {
    const { connect } = await import('./transport/connect.js');
    return connect(options);
  },
  pathKind: async (path) => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return undefined;
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  },
  lock: async (path) => {
    const { lockFile } = await import('./lock-file.js');
    return lockFile(path);
  },
  deliver: async (wire, options) => {
    const { deliverWire } = await import('./notify/deliver-wire.js');
    return deliverWire(wire, options);
  },
});

// A reader that has seen enough (`tardy list | head`) is not a failure, and changes no verdict.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode);
  const reason = error.code === 'ENOSPC' ? 'the disk is full' : (error.code ?? error.message);
  process.stderr.write(`tardy: the output cannot be written: ${reason}.\n`);
  process.exit(process.exitCode === EXIT.OK ? EXIT.CANNOT_TELL : process.exitCode);
});
process.stderr.on('error', () => {});
process.on('SIGINT', () => {
  // The progress line, and what the terminal itself writes for the key.
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.exit(130);
});
process.on('SIGTERM', () => process.exit(143));
// Node itself would exit with 1, which says that a run is stuck.
process.on('uncaughtException', (error) => {
  const exitCode = internalError(error);
  process.exit(process.exitCode === EXIT.FOUND ? EXIT.FOUND : exitCode);
});

// Not awaited: a single executable runs CommonJS, which has no await at the top level. Should Node find nothing left to do
// before the verdict, that is no OK.
process.exitCode = EXIT.CANNOT_TELL;
void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  process.stdout.write(results.join(''));
});

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
    return internalError(error);
  }
}

/** Never 1: that would say that a run is stuck. */
function internalError(error: unknown): number {
  const story = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(sanitizeLines(`tardy: internal error: ${story}\n`));
  return EXIT.CANNOT_TELL;
}

function stream({ isTTY, columns }: NodeJS.WriteStream, write: OutputStream['write']): OutputStream {
  return { write, isTty: isTTY, columns };
}

async function refuseOutside(path: string, within: string): Promise<void> {
  const way = relative(await realpath(within), await realpath(path));
  if (way !== '..' && !way.startsWith(`..${sep}`)) return;
  throw new UsageError(`${path} lies outside of ${within}, which a config may do only if it is named: --config.`);
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
