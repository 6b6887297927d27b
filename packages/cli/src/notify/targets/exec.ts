import * as z from 'zod';
import { alertsDocument } from '../alerts-document.js';
import { defineTarget } from '../kind.js';

type Config = { readonly command: readonly [string, ...string[]] };

/** A program of the host. It gets the message as JSON on its standard input, never as arguments or through a shell. */
export const exec = defineTarget<Config>({
  kind: 'exec',
  title: 'A program',
  sends: 'runs a program once for each check, with JSON on its standard input',
  twice: 'it has the same `id`',
  style: 'digest',
  schema: z.strictObject({
    command: z.tuple([z.string().min(1)], z.string()).meta({
      description: 'the program and its arguments as a list; relative paths start at the folder of the config',
    }),
  }),
  wire: ({ command }, { message }, { folder }) => ({
    via: 'command',
    command,
    folder,
    stdin: alertsDocument(message),
  }),
});
