import type { SourceKind } from '@tardy/core/sources';

/** A service of a compose file that a kind of source reads, and where this machine reaches it. */
export type FoundService = { readonly kind: SourceKind; readonly service: string; readonly url: string };

/** The services of a compose file that these kinds recognise by their image. One that publishes no port cannot be reached from here. */
export function servicesIn(document: unknown, kinds: readonly SourceKind[]): FoundService[] {
  const services = fieldsOf(fieldsOf(document)['services']);
  return Object.entries(services).flatMap(([service, value]) => {
    const { image, ports } = fieldsOf(value);
    const name = typeof image === 'string' ? imageName(image) : '';
    for (const kind of kinds) {
      const trace = kind.traces?.image;
      const port = trace?.name.test(name) === true ? publishedPort(ports, trace.port) : undefined;
      if (port !== undefined) return [{ kind, service, url: `http://localhost:${port}` }];
    }
    return [];
  });
}

/** The image without its tag and the name of Docker's own registry. */
function imageName(image: string): string {
  const [name = ''] = image.split('@', 1);
  return name.replace(/:[^/:]*$/, '').replace(/^docker\.io\//, '');
}

/** The port of this machine that leads to a port of the container, in the short or the long form. */
function publishedPort(ports: unknown, wanted: number): number | undefined {
  for (const entry of Array.isArray(ports) ? (ports as unknown[]) : []) {
    const short = typeof entry === 'string' ? /^(?:.*:)?(\d+):(\d+)(?:\/tcp)?$/.exec(entry) : null;
    if (short !== null && Number(short[2]) === wanted) return Number(short[1]);
    const { target, published } = fieldsOf(entry);
    if (Number(target) === wanted && /^\d+$/.test(String(published))) return Number(published);
  }
  return undefined;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
