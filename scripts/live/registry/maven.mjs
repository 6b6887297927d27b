// Systems that come as Java packages.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runToEnd } from '../processes.mjs';

/**
 * Compiles the classes in the folder against the packages of its pom.xml, once: a classpath with both, and `resource`, which reads a
 * file in one of them. They are kept in the folder for temporary files, or in TARDY_LIVE_CACHE; the packages where Maven keeps them.
 */
export async function mavenClasses(module) {
  const cache = process.env.TARDY_LIVE_CACHE ?? join(tmpdir(), 'tardy-live-cache');
  const sources = readdirSync(module).filter((file) => file.endsWith('.java'));
  const pom = join(module, 'pom.xml');
  const files = [pom, ...sources.map((file) => join(module, file))].map((file) => readFileSync(file, 'utf8'));
  const folder = join(cache, `maven-${createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 8)}`);
  const list = join(folder, 'classpath');
  if (!existsSync(join(folder, 'complete'))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await runToEnd('mvn', ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${list}`]);
    const classpath = readFileSync(list, 'utf8').trim();
    await runToEnd('javac', ['-d', folder, '-cp', classpath, ...sources.map((file) => join(module, file))]);
    writeFileSync(join(folder, 'complete'), '');
  }
  const jars = readFileSync(list, 'utf8').trim();
  return { classpath: `${jars}${delimiter}${folder}`, resource: (path) => resourceIn(jars.split(delimiter), path) };
}

async function resourceIn(jars, path) {
  for (const jar of jars) {
    try {
      return await runToEnd('unzip', ['-p', jar, path]);
    } catch {
      // It is in another one.
    }
  }
  throw new Error(`None of the packages has ${path}.`);
}
