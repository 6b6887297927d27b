import { passesFactFilter } from '../query.js';
import { runToWire } from '../wire.js';
import type { Instant } from '../run.js';
import { commonHeaders } from './answer.js';
import type { RunStore, StoreEvent, StoreFilter } from './run-store.js';
import { inScope, type Scope } from './viewer.js';

/** What one event stream is built from. */
export type EventStreamOptions = {
  readonly subscribe: NonNullable<RunStore['subscribe']>;
  readonly scope: Scope;
  /** Called at each keep-alive, so that a stream ends when its viewer loses access; `undefined` ends it. */
  readonly renewScope: () => Promise<Scope | undefined>;
  /** Only fields that never change in a run: otherwise a run that leaves the slice would stay on the page. */
  readonly filter: Pick<StoreFilter, 'tenantId' | 'workspaceId' | 'type' | 'source'>;
  readonly now: () => Instant;
  readonly heartbeatMs: number;
};

/** How many events queue up for a slow reader before they are replaced by one `reset`. */
const BACKLOG = 1000;
const RETRY_MS = 3000;

/**
 * Responds with server-sent events: `run` (a complete run), `gone` (`{ id, source, attempt }`) and `reset` (read the list again).
 *
 * The id of an event is the instant at which it happened: it says nothing of events that the viewer may not see, as a running
 * number would. Resuming repeats that instant; a repeated event is harmless, since each holds its complete run.
 */
export function eventStream(request: Request, options: EventStreamOptions): Response {
  const lastEventId = request.headers.get('Last-Event-ID');
  const body = request.method === 'HEAD' ? null : streamOf(request.signal, lastEventId, options);
  return new Response(body, {
    headers: {
      ...commonHeaders(options.now()),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    },
  });
}

function streamOf(signal: AbortSignal, lastEventId: string | null, options: EventStreamOptions) {
  const encoder = new TextEncoder();
  const known = lastEventId !== null && /^\d{1,15}$/.test(lastEventId);
  const openedAt = options.now();
  let { scope } = options;
  let waiting: string[] = [];
  let stop = () => {};

  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const send = (frame: string) => {
        if (!open) return;
        if (waiting.length === 0 && (controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(frame));
        else if (waiting.length < BACKLOG) waiting.push(frame);
        else waiting = [resetFrame(options.now())];
      };
      const end = () => {
        if (!open) return;
        stop();
        controller.close();
      };
      const beat = async () => {
        const renewed = await options.renewScope().catch(() => undefined);
        if (renewed === undefined) return end();
        scope = renewed;
        send(': alive\n\n');
      };

      send(`retry: ${RETRY_MS}\nid: ${known ? lastEventId : openedAt}\n\n`);
      if (lastEventId !== null && !known) send(resetFrame(openedAt));
      const unsubscribe = options.subscribe(
        (event) => {
          const frame = frameOf(event, scope, options.filter);
          if (frame !== undefined) send(frame);
        },
        known ? Number(lastEventId) : undefined,
      );
      const timer = setInterval(() => void beat(), options.heartbeatMs);
      signal.addEventListener('abort', end);
      stop = () => {
        open = false;
        clearInterval(timer);
        unsubscribe();
        signal.removeEventListener('abort', end);
      };
    },
    pull(controller) {
      const frames = waiting;
      waiting = [];
      if (frames.length > 0) controller.enqueue(encoder.encode(frames.join('')));
    },
    cancel() {
      stop();
    },
  });
}

function frameOf(event: StoreEvent, scope: Scope, filter: EventStreamOptions['filter']): string | undefined {
  if (event.kind === 'reset') return resetFrame(event.at);
  const { run } = event;
  if (!inScope(run, scope) || !passesFactFilter(run, filter)) return undefined;
  const { id, source, attempt } = run;
  return frame(event.kind, event.at, event.kind === 'run' ? runToWire(run) : { id, source, attempt });
}

function resetFrame(at: Instant): string {
  return frame('reset', at, {});
}

function frame(event: StoreEvent['kind'], at: Instant, data: unknown): string {
  return `event: ${event}\nid: ${at}\ndata: ${JSON.stringify(data)}\n\n`;
}
