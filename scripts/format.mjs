// npm run format: rewrites every file in the one style.
import { runTool } from './tool.mjs';

const { ok, detail } = runTool('prettier', ['--write', '--log-level', 'warn', '.']);
process.stdout.write(detail);
process.exitCode = ok ? 0 : 1;
