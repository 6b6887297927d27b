import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Creates the files of a tenant: `baseline` as they should be and `current` as they are, where every ninth file has drifted
 * and one is missing.
 */
export async function layOutTenant(folder: string, tenant: string, files: number): Promise<void> {
  for (const side of ['baseline', 'current']) await mkdir(join(folder, side, 'policies'), { recursive: true });
  for (let index = 0; index < files; index++) {
    const name = join('policies', `policy-${String(index).padStart(3, '0')}.json`);
    const settings = Array.from({ length: 200 }, (_, line) => ({
      setting: `s${line}`,
      value: `${tenant}-${index}-${line}`,
    }));
    const text = JSON.stringify({ policy: index, settings });
    await writeFile(join(folder, 'baseline', name), text);
    if (index === 5) continue;
    await writeFile(join(folder, 'current', name), index % 9 === 8 ? text.replace('s0', 'drifted') : text);
  }
}

/** The files below a folder, as sorted paths relative to it. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
