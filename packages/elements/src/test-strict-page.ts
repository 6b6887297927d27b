import './define.js';
import { T0 } from './test-environment.js';
import { failed, fresh, late, stuck } from './test-runs.js';
import type { OpsElement } from './shared/ops-element.js';

const violations: string[] = [];
Object.assign(window, { violations });
document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, sample }) => {
  violations.push(`${violatedDirective} ${sourceFile} ${sample}`);
});

// Runs inside a page that allows nothing but its own files (see strict-host.test.ts).
const runs = [{ ...fresh, progress: { processed: 3, total: 8 } }, late, stuck, failed];
const now = new Date(T0).toISOString();

for (const tag of ['run-progress', 'ops-kpis', 'ops-attention', 'ops-list', 'run-detail']) {
  if (customElements.get(tag) === undefined) continue;
  const element = document.createElement(tag) as OpsElement & { runId?: string };
  if (tag === 'run-detail') element.runId = 'stuck';
  element.now = now;
  element.report = { runs, now };
  document.body.append(element);
}
