// Preloaded into a measured process: leaves its peak memory, in MB, where the benchmark looks for it.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const path = process.env.BENCH_PEAK_FILE;
  if (path !== undefined) writeFileSync(path, String(process.resourceUsage().maxRSS / 1024));
});
