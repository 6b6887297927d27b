import { spawn } from 'node:child_process';
import { quoteForeign } from '../transport/secrets.js';
import type { CommandWire, Delivered, DeliverOptions } from './wire.js';

const MOST_STDERR = 4096;

/** Runs a program with a message on its standard input. It confirms the message by exiting with 0. */
export function runCommand(wire: CommandWire, options: DeliverOptions): Promise<Delivered> {
  const [program, ...args] = wire.command;
  return new Promise((resolve) => {
    let stderr = '';
    const child = spawn(program, args, { cwd: wire.folder, stdio: ['pipe', 'ignore', 'pipe'], shell: false });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, options.timeoutMs);
    const finish = (result: Delivered): void => {
      clearTimeout(timer);
      resolve(result);
    };
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < MOST_STDERR) stderr += text;
    });
    // A program that does not read its input is no failure; its exit code decides.
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(wire.stdin)}\n`);
    child.on('error', (error) => finish({ ok: false, reason: `${program} could not be started: ${error.message}.` }));
    child.on('close', (code, signal) => {
      options.debug?.(`${program}: exit code ${code ?? signal ?? 'unknown'}`);
      if (late) finish({ ok: false, reason: `${program} did not end within ${options.timeoutMs / 1000} s.` });
      else if (code === 0) finish({ ok: true });
      else {
        const said = quoteForeign(stderr);
        finish({
          ok: false,
          reason: `${program} ended with ${code ?? signal ?? 'an unknown code'}${said === '' ? '' : `: ${said}`}.`,
        });
      }
    });
  });
}
