import type { Delivered, DeliverOptions, Wire } from './wire.js';

/** Delivers a message the way it goes. Each way is loaded only when it is used. */
export async function deliverWire(wire: Wire, options: DeliverOptions): Promise<Delivered> {
  switch (wire.via) {
    case 'http': {
      const { post } = await import('../transport/post.js');
      return post(wire, options);
    }
    case 'mail': {
      const { sendMail } = await import('./send-mail.js');
      return sendMail(wire, options);
    }
    case 'command': {
      const { runCommand } = await import('./run-command.js');
      return runCommand(wire, options);
    }
  }
}
