// What editors and readers get of the elements' manifest: data for VS Code and JetBrains, and a page of documentation each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getWebTypesData } from 'custom-element-jet-brains-integration';
import { getVsCodeCssCustomData, getVsCodeHtmlCustomData } from 'custom-element-vs-code-integration';
import { format, resolveConfig } from 'prettier';
import { elementManifest, elementsOf } from './element-manifest.mjs';
import { packages, root } from './workspace.mjs';

const { directory, manifest: npmManifest } = packages.find(({ folder }) => folder === 'elements');

/** For `generated.mjs`. */
export const elementFiles = [
  file('packages/elements/custom-elements.json', () => elementManifest().then(json)),
  file('packages/elements/vscode.html-custom-data.json', async () =>
    json(stripped(getVsCodeHtmlCustomData(await copyOfManifest(), { hideLogs: true }))),
  ),
  file('packages/elements/vscode.css-custom-data.json', async () =>
    json(stripped(getVsCodeCssCustomData(await copyOfManifest(), { hideLogs: true }))),
  ),
  file('packages/elements/web-types.json', async () =>
    json({
      ...stripped(getWebTypesData(await copyOfManifest(), { hideLogs: true })),
      name: npmManifest.name,
      version: npmManifest.version,
    }),
  ),
  ...['ops-attention', 'ops-kpis', 'ops-list', 'run-detail', 'run-progress'].map((tag) =>
    file(`docs/elements/${tag}.md`, async () =>
      page(elementsOf(await elementManifest()).find(({ tagName }) => tagName === tag)),
    ),
  ),
];

function file(path, textOf) {
  return {
    path,
    make: async () => format(await textOf(), { ...(await resolveConfig(join(root, path))), filepath: path }),
  };
}

function json(value) {
  return JSON.stringify(value);
}

/** The generators write into what they are given. */
async function copyOfManifest() {
  return structuredClone(await elementManifest());
}

/** What a generator wrote, without the blank lines, and the defaults that there are none of, of the generators' descriptions. */
function stripped(text) {
  return JSON.parse(text, (_, value) =>
    typeof value === 'string'
      ? value
          .replaceAll(' _(default: undefined)_', '')
          .replaceAll(/\n{3,}/g, '\n\n')
          .trim()
      : value,
  );
}

function page(element) {
  const { tagName, name, description } = element;
  const { attributes, members, events, slots, cssParts, cssProperties, cssStates } = element;
  const fields = members.filter(({ kind }) => kind === 'field');
  const withAttribute = new Set(attributes.map(({ fieldName }) => fieldName));
  return [
    `# \`<${tagName}>\``,
    '<!-- Made from the sources by `npm run generate`. -->',
    description,
    '## Example',
    'The page needs nothing but this; it is drawn from the report that is written into it. With `src="/api"` instead, it reads a run API.',
    `\`\`\`html\n${example(tagName)}\n\`\`\``,
    `Live: \`npm run gallery\`, then <http://127.0.0.1:4180/${tagName}>. How it looks in every state: [gallery](gallery.md). How to embed it: [embed](../embed.md).`,
    section('Attributes', ['attribute', 'property', 'type', 'what'], attributes, (one) => [
      code(one.name),
      code(one.fieldName),
      code(one.type?.text),
      one.description,
    ]),
    section(
      'Properties without an attribute',
      ['property', 'type', 'what'],
      fields.filter((one) => !withAttribute.has(one.name)),
      (one) => [code(one.name) + (one.readonly ? ' (read-only)' : ''), code(one.type?.text), one.description],
    ),
    section(
      'Methods',
      ['method', 'returns', 'what'],
      members.filter(({ kind }) => kind === 'method'),
      (one) => [
        code(`${one.name}(${(one.parameters ?? []).map(({ name: parameter }) => parameter).join(', ')})`),
        code(one.return?.type.text),
        one.description,
      ],
    ),
    section('Events', ['event', 'class', 'what'], events, (one) => [
      code(one.name),
      code(one.type.text),
      one.description,
    ]),
    section('Slots', ['slot', 'what'], slots, (one) => [
      one.name === '' ? '(default)' : code(one.name),
      one.description,
    ]),
    section('Parts', ['part', 'what'], cssParts, (one) => [code(one.name), one.description]),
    section('CSS properties', ['property', 'what'], cssProperties, (one) => [code(one.name), one.description]),
    section('States', ['state', 'what'], cssStates, (one) => [code(`:state(${one.name})`), one.description]),
    `Class: \`import { ${name} } from '${npmManifest.name}/${tagName}'\`; it registers nothing. \`import '${npmManifest.name}/${tagName}/define'\` does.`,
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function section(title, head, rows, cells) {
  if (rows === undefined || rows.length === 0) return undefined;
  const line = (texts) =>
    `| ${texts.map((text) => (text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [`## ${title}\n`, line(head), line(head.map(() => '---')), ...rows.map((row) => line(cells(row)))].join('\n');
}

function code(text) {
  return text === undefined ? undefined : `\`${text}\``;
}

/** Kept beside the tests, which open each of them. */
function example(tag) {
  return readFileSync(join(directory, 'examples', `${tag}.html`), 'utf8').trim();
}
