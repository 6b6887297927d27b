// The JSON Schemas and the OpenAPI document that @tardy/core publishes, made from its zod schemas.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { root } from './workspace.mjs';

const directory = 'packages/core/schemas';

/** For `generated.mjs`. */
export const schemaFiles = [
  ...['run', 'policy', 'report', 'backtest', 'learn', 'state', 'acknowledgements'].map((name) =>
    file(`${directory}/${name}.schema.json`, ({ jsonSchemas }) => jsonSchemas()[name]),
  ),
  file(`${directory}/openapi.json`, ({ openApiDocument }) => openApiDocument()),
];

function file(path, documentOf) {
  return {
    path,
    make: async () => {
      const schemas = await import(pathToFileURL(join(root, 'packages/core/dist/schema/index.js')).href);
      const options = await resolveConfig(join(root, path));
      return format(JSON.stringify(documentOf(schemas)), { ...options, filepath: path });
    },
  };
}
