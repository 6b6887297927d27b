// Preloaded into a measured process: writes its peak memory, in MB, where the benchmark expects it.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const path = process.env.BENCH_PEAK_FILE;
  if (path !== undefined) writeFileSync(path, String(process.resourceUsage().maxRSS / 1024));
});
