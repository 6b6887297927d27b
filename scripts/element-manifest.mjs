// The manifest of the custom elements, read from their sources: what hosts may rely on, and nothing else.
import { join } from 'node:path';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import { root } from './workspace.mjs';

let manifest;

/** Read once a process: it takes seconds. */
export function elementManifest() {
  return (manifest ??= analyze().then(publicPart));
}

/** The elements of a manifest, in the order of their tags. */
export function elementsOf({ modules }) {
  return modules
    .flatMap(({ declarations }) => declarations)
    .filter(({ tagName }) => tagName !== undefined)
    .toSorted((a, b) => (a.tagName < b.tagName ? -1 : 1));
}

/** By its configuration in the package; nothing is written. */
function analyze() {
  return cli({
    argv: ['analyze', '--config', 'custom-elements-manifest.config.mjs'],
    cwd: join(root, 'packages/elements'),
    noWrite: true,
  });
}

function publicPart({ schemaVersion, readme, modules }) {
  const elements = modules
    .map((one) => ({ ...one, declarations: one.declarations.filter(({ tagName }) => tagName !== undefined) }))
    .filter(({ declarations }) => declarations.length > 0)
    // The analyzer takes files as the disk gives them, which is not always the same.
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return {
    schemaVersion,
    readme,
    modules: elements.map(({ path, declarations, exports }) => ({
      kind: 'javascript-module',
      path: builtPath(path),
      declarations: declarations.map(publicDeclaration),
      exports: [
        ...exports.map((one) => withBuiltModule(one)),
        ...declarations.map(({ tagName, name }) => ({
          kind: 'custom-element-definition',
          name: tagName,
          declaration: { name, module: builtPath(path) },
        })),
      ],
    })),
  };
}

function publicDeclaration(declaration) {
  const { attributes, members, events, superclass, ...rest } = declaration;
  return {
    ...rest,
    attributes: attributes.map(withoutUndefined),
    members: members.filter(isPublic).map(withoutUndefined),
    // The analyzer also lists what an event is made with as if it were its name.
    events: events.filter(({ name }) => name?.startsWith('ops-')),
    superclass: withBuiltModule(superclass),
  };
}

function isPublic({ name, privacy = 'public', static: isStatic = false }) {
  return privacy === 'public' && !isStatic && !name.startsWith('#');
}

/** What the platform declares, and the sources therefore do not. */
const FROM_THE_PLATFORM = {
  lang: {
    type: { text: 'string' },
    description: 'Language of the words; by default that of the nearest ancestor that names one.',
  },
};

/** That anything may be left out needs no saying. */
function withoutUndefined(member) {
  const { inheritedFrom: _, ...own } = { ...FROM_THE_PLATFORM[member.name], ...member };
  if (own.type === undefined) return own;
  return { ...own, type: { text: own.type.text.replace(/ \| undefined$/, '') } };
}

function withBuiltModule(reference) {
  if (reference?.declaration !== undefined)
    return { ...reference, declaration: withBuiltModule(reference.declaration) };
  return reference?.module === undefined ? reference : { ...reference, module: builtPath(reference.module) };
}

function builtPath(path) {
  return path.replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');
}
