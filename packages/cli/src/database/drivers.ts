import type { Engine } from '@tardy/core/sources';
import type { Driver } from './database.js';

/** The driver of each engine, loaded when a source needs it. Throws a `UsageError` for a package that is not installed. */
export const DRIVERS: Readonly<Partial<Record<Engine, () => Promise<Driver>>>> = {
  postgres: async () => (await import('./postgres/driver.js')).postgresDriver(),
};
