// `npm run bench [name…]`: ratios measured in one run. README.md has past measurements.
import { benchCheck } from './check.mjs';
import { benchClassify } from './classify.mjs';
import { benchElements } from './elements.mjs';
import { benchLake } from './lake.mjs';
import { benchSources } from './sources.mjs';
import { benchLoad } from './load.mjs';
import { benchSql } from './sql.mjs';
import { benchStartup } from './startup.mjs';

const benchmarks = {
  classify: benchClassify,
  startup: benchStartup,
  check: benchCheck,
  elements: benchElements,
  sql: benchSql,
  lake: benchLake,
  sources: benchSources,
  load: benchLoad,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}\n`,
  );
  process.exit(2);
}
for (const [name, bench] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  console.table(await bench());
}
