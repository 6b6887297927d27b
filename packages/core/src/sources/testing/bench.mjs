// What the bench answers of every system share: pages of made rows as the text of a response.
import { readFileSync } from 'node:fs';

/** A recorded response: `recorded('airflow/active')`. */
export function recorded(path) {
  const file = `../${path.replace('/', '/fixtures/')}.json`;
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'));
}

/** A made id as long as the recorded one. */
export const idLike = (id, index) => `${index}-`.padStart(10, '0') + String(id).slice(10);

/** Rows of a page as the text of a response; `make` adds what the system sends around them. */
export function textPages(rows, size, total, make) {
  const pages = [];
  for (let first = 0; first < total; first += size) {
    const count = Math.min(size, total - first);
    const held = Array.from({ length: count }, (_, offset) => rows(first + offset));
    const next = first + count < total ? pages.length + 1 : undefined;
    pages.push(JSON.stringify(make(held, next)));
  }
  return pages;
}

/** Objects of Kubernetes, each with a name of its own. */
export const named = (objects) => (index) => {
  const { metadata, ...rest } = objects[index % objects.length];
  return { metadata: { ...metadata, name: `${metadata.name}-${index}` }, ...rest };
};

/** The same rows again and again. */
export const cycle = (rows) => (index) => rows[index % rows.length];
