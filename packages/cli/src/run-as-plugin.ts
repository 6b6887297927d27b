import { UsageError } from './errors.js';
import type { CliIo } from './io.js';
import { PLUGIN_CODES, pluginLine } from './output/formats/nagios.js';
import { sanitizeInline } from './output/sanitize.js';

/**
 * Runs a command for a monitoring system. To it, 2 is CRITICAL and 1 WARNING: whatever keeps the command from judging is UNKNOWN, on
 * stdout, where it looks for the text. That includes help.
 *
 * Source of the rules: the Monitoring Plugins Development Guidelines.
 */
export async function runAsPlugin(io: CliIo, run: () => Promise<number | undefined>): Promise<number> {
  try {
    return (await run()) ?? PLUGIN_CODES.UNKNOWN;
  } catch (error) {
    const hint = error instanceof UsageError ? error.hint : undefined;
    const message = error instanceof UsageError ? error.message : `internal error: ${String(error)}`;
    const text = sanitizeInline([message, hint].filter((part) => part !== undefined).join(' '));
    io.stdout.write(`${pluginLine('UNKNOWN', text)}\n`);
    return PLUGIN_CODES.UNKNOWN;
  }
}
