import type { CliIo } from './io.js';
import { createScrubber } from './scrub.js';

/** Keeps every secret that a connection is given out of everything that is printed or written, whatever a source sends back. */
export function scrubbedIo(io: CliIo): CliIo {
  const secrets = new Set<string>();
  let scrub = createScrubber([]);
  return {
    ...io,
    stdout: { ...io.stdout, write: (text) => io.stdout.write(scrub(text)) },
    stderr: { ...io.stderr, write: (text) => io.stderr.write(scrub(text)) },
    scrub: (text) => scrub(text),
    live: async () => {
      const live = await io.live();
      return { ...live, write: (text) => live.write(scrub(text)) };
    },
    writeFile: (path, text) => io.writeFile(path, scrub(text)),
    connect: (options) => {
      for (const secret of [...Object.values(options.credentials), ...(options.secrets ?? [])]) secrets.add(secret);
      scrub = createScrubber([...secrets]);
      return io.connect(options);
    },
  };
}
