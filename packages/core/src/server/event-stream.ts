import { passesFactFilter } from '../query.js';
import { runToWire } from '../wire.js';
import type { Instant } from '../run.js';
import { commonHeaders } from './response.js';
import type { EventPlace, RunStore, StoreEvent, StoreFilter } from './run-store.js';
import { inScope, type Scope } from './viewer.js';

/** What one event stream is built from. */
export type EventStreamOptions = {
  readonly subscribe: NonNullable<RunStore['subscribe']>;
  readonly scope: Scope;
  /** Called at each heartbeat, so that a stream ends when its viewer loses access; `undefined` ends it. */
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
 * Responds with server-sent events: `run` (a complete run), `gone` (`{ id, source, attempt }`) and `reset` (read the list
 * again).
 *
 * The id of an event is its place in the store. Resuming may repeat events, which does no harm, since each holds its complete
 * run.
 */
export function eventStream(request: Request, options: EventStreamOptions): Response {
  // An empty header is what a client sends that has seen no id.
  const after = request.headers.get('Last-Event-ID') || undefined;
  const body = request.method === 'HEAD' ? null : streamOf(request.signal, after, options);
  return new Response(body, {
    headers: {
      ...commonHeaders(options.now()),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'X-Accel-Buffering': 'no',
    },
  });
}

function streamOf(signal: AbortSignal, after: EventPlace | undefined, options: EventStreamOptions) {
  const encoder = new TextEncoder();
  let { scope } = options;
  let waiting: string[] = [];
  let stop = () => {};

  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      const send = (frame: string, onOverflow = frame) => {
        if (!open) return;
        if (waiting.length === 0 && (controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(frame));
        else if (waiting.length < BACKLOG) waiting.push(frame);
        else waiting = [onOverflow];
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
        // Events that wait for the reader show as much.
        if (waiting.length === 0) send(': heartbeat\n\n');
      };

      send(`retry: ${RETRY_MS}\n\n`);
      const unsubscribe = options.subscribe((event) => {
        const frame = frameOf(event, scope, options.filter);
        if (frame !== undefined) send(frame, resetFrame(event.at));
      }, after);
      const timer = setInterval(() => void beat(), options.heartbeatMs);
      signal.addEventListener('abort', end);
      stop = () => {
        open = false;
        clearInterval(timer);
        unsubscribe();
        signal.removeEventListener('abort', end);
      };
      // The request may have been aborted before this listened.
      if (signal.aborted) end();
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
  switch (event.kind) {
    case 'place':
      return `id: ${event.at}\n\n`;
    case 'reset':
      return resetFrame(event.at);
    case 'run':
    case 'gone': {
      const { run } = event;
      if (!inScope(run, scope) || !passesFactFilter(run, filter)) return undefined;
      const { id, source, attempt } = run;
      return frame(event.kind, event.at, event.kind === 'run' ? runToWire(run) : { id, source, attempt });
    }
  }
}

function resetFrame(at: EventPlace): string {
  return frame('reset', at, {});
}

function frame(event: 'run' | 'gone' | 'reset', at: EventPlace, data: unknown): string {
  return `event: ${event}\nid: ${at}\ndata: ${JSON.stringify(data)}\n\n`;
}
