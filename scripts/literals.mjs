// Minifies the html`` and css`` templates of the built elements: no bundler of a host does that.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import remapping from '@jridgewell/remapping';
import { transform } from 'esbuild';
import MagicString from 'magic-string';
import { minifyHTMLLiterals } from 'minify-literals';
import { root } from './workspace.mjs';

const directory = join(root, 'packages/elements/dist');

/** Only invisible changes: white space between words stays, as one space. */
const MINIFY_HTML = {
  caseSensitive: true,
  collapseWhitespace: true,
  conservativeCollapse: true,
  // An SVG element is not closed without it.
  keepClosingSlash: true,
  removeComments: true,
};

/**
 * Rewrites the built modules and their source maps; minified literals stay unchanged.
 *
 * The CDN file is made from these modules too, since a page can hydrate server-rendered HTML only if both have identical
 * templates.
 */
export async function minifyLiterals() {
  const modules = readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const name of modules.filter((one) => !one.endsWith('.min.js'))) {
    const file = join(directory, name);
    await rewrite(file, minifyCss);
    await rewrite(file, minifyHtml);
  }
}

async function rewrite(file, minify) {
  const source = readFileSync(file, 'utf8');
  const minified = await minify(source, file);
  if (minified === undefined || minified.code === source) return;
  const before = JSON.parse(readFileSync(`${file}.map`, 'utf8'));
  const after = JSON.parse(minified.map.toString());
  writeFileSync(`${file}.map`, JSON.stringify(remapping(after, (_, { depth }) => (depth === 1 ? before : null))));
  writeFileSync(file, minified.code);
}

/** With esbuild: the CSS minifier of the HTML minifier does not support newer rules. */
async function minifyCss(source, file) {
  const text = new MagicString(source);
  for (const { 1: css, indices } of source.matchAll(/\bcss ?`([^`$\\]*)`/dg)) {
    const { code } = await transform(css, { loader: 'css', minify: true });
    const [start, end] = indices[1];
    if (code.trim() !== css) text.update(start, end, code.trim());
  }
  return text.hasChanged()
    ? { code: text.toString(), map: text.generateMap({ source: file, hires: true }) }
    : undefined;
}

async function minifyHtml(source, file) {
  if (!/\b(?:html|svg) ?`/.test(source)) return undefined;
  const options = { fileName: file, minifyOptions: MINIFY_HTML, shouldMinifyCSS: () => false };
  return (await minifyHTMLLiterals(source, options)) ?? undefined;
}
