import type { CliIo } from './io.js';
import { createScrubber } from './scrub.js';
import { scrubMessage } from './notify/scrub-message.js';

/** Keeps every secret that a connection is given out of everything that is printed, written or sent, whatever a source sends back. */
export function scrubbedIo(io: CliIo): CliIo {
  const secrets = new Set<string>();
  const ofSources = new Set<string>();
  let scrub = createScrubber([]);
  const keep = (more: readonly string[]): void => {
    for (const secret of more) secrets.add(secret);
    scrub = createScrubber([...secrets]);
  };
  return {
    ...io,
    stdout: { ...io.stdout, write: (text) => io.stdout.write(scrub(text)) },
    stderr: { ...io.stderr, write: (text) => io.stderr.write(scrub(text)) },
    scrub: (text) => scrub(text),
    live: async () => {
      const live = await io.live();
      return { ...live, write: (text) => live.write(scrub(text)) };
    },
    writeFile: (path, text, mode) => io.writeFile(path, scrub(text), mode),
    appendFile: (path, text) => io.appendFile(path, scrub(text)),
    connect: (options) => {
      const own = [...Object.values(options.credentials), ...(options.secrets ?? [])];
      for (const secret of own) ofSources.add(secret);
      keep(own);
      return io.connect(options);
    },
    deliver: (wire, options) => {
      // Before its own secrets are kept: the message has to contain them.
      const sent = scrubMessage(wire, createScrubber([...ofSources]));
      keep(options.secrets);
      return io.deliver(sent, options);
    },
  };
}
