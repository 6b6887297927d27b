import * as z from 'zod';
import { defineTarget, secretField } from '../kind.js';
import { cut, plainText, subjectOf } from '../message.js';

const MOST_RUNS = 50;
const LONGEST_SUBJECT = 200;

type Config = {
  readonly host: string;
  readonly port?: number | undefined;
  readonly security?: 'starttls' | 'tls' | 'none' | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
};

/** One address without a name and without anything that could end a header. */
const address = z
  .string()
  .regex(/^[^\s<>,;:"()[\]\\@]+@[^\s<>,;:"()[\]\\@]+$/, 'is not an e-mail address such as ops@example.com');

/** E-mail, by SMTP. */
export const email = defineTarget<Config>({
  kind: 'email',
  title: 'E-mail',
  sends: 'one message for each check, by SMTP',
  twice: 'it has the same `Message-ID`, by which most mailboxes recognise it',
  style: 'digest',
  schema: z.strictObject({
    host: z
      .string()
      .regex(/^[\w.:-]+$/, 'is not the name of a host')
      .meta({ description: 'the mail server' }),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .optional()
      .meta({ description: '587 by default, 465 with `security: tls`, 25 with `none`' }),
    security: z.enum(['starttls', 'tls', 'none']).optional().meta({
      description: '`starttls` by default; `tls` from the first byte; `none` for a server within a trusted network',
    }),
    user: z.string().min(1).optional().meta({ description: 'the account, if the server asks for one' }),
    password: secretField('its password').optional().meta({ description: 'its password', secret: 'always' }),
    from: address.meta({ description: 'the sender' }),
    to: z.array(address).min(1).meta({ description: 'the recipients' }),
  }),
  wire: ({ host, port, security = 'starttls', user, password, from, to }, { message }) => ({
    via: 'mail',
    server: { host, port: port ?? DEFAULT_PORTS[security], security, user, password },
    from,
    to,
    subject: cut(subjectOf(message), LONGEST_SUBJECT),
    text: plainText(message, MOST_RUNS),
    messageId: `<${message.id}@tardy.invalid>`,
    // Out-of-office replies would go to whoever runs the check.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }),
});

const DEFAULT_PORTS = { starttls: 587, tls: 465, none: 25 } as const;
