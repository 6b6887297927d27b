import { defineSource, type SourceDescriptor, type SourceKind } from '../descriptor.js';
import { DATABASE_SCHEMES } from './engine.js';
import type { PresetConfig, SqlPreset } from './preset.js';

/** What the registry needs to know about a system that a preset reads. */
export type PresetDescriptor<Config extends PresetConfig> = Omit<
  SourceDescriptor<Config>,
  'adapter' | 'schema' | 'tokenVariables' | 'example' | 'presetOf'
> & {
  readonly preset: () => Promise<SqlPreset<Config>>;
  /** Set for one that a URI cannot describe: how its config begins. */
  readonly needsConfig?: string;
  /** The schema of its config where it has options of its own. */
  readonly schema?: SourceDescriptor<Config>['schema'];
};

/** Makes a kind of source from a preset. */
export function definePreset<Config extends PresetConfig = PresetConfig>({
  preset,
  schema,
  needsConfig,
  ...descriptor
}: PresetDescriptor<Config>): SourceKind {
  const example = needsConfig ?? `${descriptor.kind}:postgres://user@host.example/database`;
  return defineSource<Config>({
    ...descriptor,
    example,
    tokenVariables: [],
    presetOf: DATABASE_SCHEMES,
    presetTables: preset,
    holdsCode: ({ tenant }) => tenant !== undefined,
    adapter: async () => {
      const { presetAdapter } = await import('./preset-adapter.js');
      return presetAdapter({ ...descriptor, example, byUri: needsConfig === undefined }, await preset());
    },
    schema:
      schema ??
      (async () =>
        (await import('./preset-config.js')).presetConfigSchema as unknown as Awaited<
          ReturnType<SourceDescriptor<Config>['schema']>
        >),
  });
}
