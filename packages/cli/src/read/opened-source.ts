import type { Source } from '@tardy/core/sources';
import type { Connection } from '../io.js';

/** A source with the line to it; that is absent for runs that are already here (a file, standard input). */
export type OpenedSource = { readonly source: Source; readonly connection: Connection | undefined };
