// The committed files that a program writes. Add one here, and `npm run generate` writes it while the check keeps it true.
import { cliReference } from './cli-reference.mjs';
import { elementFiles } from './element-files.mjs';
import { schemaFiles } from './schema-files.mjs';
import { sourceTables } from './source-tables.mjs';

/**
 * @type {{ path: string; make: () => string | Promise<string> }[]} `path` is relative to the root. `make` returns the
 * complete text; it runs after the build, so it may import what is in dist/.
 */
export const generated = [...schemaFiles, cliReference, ...sourceTables, ...elementFiles];
