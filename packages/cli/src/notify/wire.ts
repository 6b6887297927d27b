/** A request that delivers a message over HTTP. */
export type HttpWire = {
  readonly via: 'http';
  /** May be a secret, as the URLs of incoming webhooks are. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** The receiver recognises a message that arrives twice, so it may be sent again when it is unknown whether it arrived. */
  readonly repeatable: boolean;
  /** Statuses besides 2xx that mean that nothing is left to be done. */
  readonly accept: readonly number[];
};

/** A message over SMTP. */
export type MailWire = {
  readonly via: 'mail';
  readonly server: MailServer;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** The same for the same message, so that a mailbox can recognise one that arrives twice. */
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** How to reach a mail server. `starttls` and `tls` never fall back to plain text. */
export type MailServer = {
  readonly host: string;
  readonly port: number;
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user: string | undefined;
  readonly password: string | undefined;
};

/** A program that gets the message as JSON on its standard input. There is no shell. */
export type CommandWire = {
  readonly via: 'command';
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  readonly stdin: unknown;
};

/** A message as it leaves this machine. */
export type Wire = HttpWire | MailWire | CommandWire;

/** How to deliver. */
export type DeliverOptions = {
  /** For one message with all its retries, in milliseconds. */
  readonly timeoutMs: number;
  /** Certificates (PEM) to trust in addition to the built-in ones. */
  readonly ca: string | undefined;
  readonly allowHosts: readonly string[];
  /** Appear in no output. */
  readonly secrets: readonly string[];
  readonly debug: ((line: string) => void) | undefined;
};

/** Whether the receiver confirmed a message. `reason` says what, where and the fix, without secrets. */
export type Delivered = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Where a message goes, for people: never a path or a query, which may be secret. */
export function destinationOf(wire: Wire): string {
  switch (wire.via) {
    case 'http':
      return URL.canParse(wire.url) ? new URL(wire.url).origin : 'an invalid URL';
    case 'mail':
      return `${wire.to.join(', ')} through ${wire.server.host}:${wire.server.port}`;
    case 'command':
      return wire.command[0];
  }
}
