import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutTenant } from './operations/tree.js';
import type { OperationType, RunDesk } from './run-desk.js';

/** The tenants of the demo and how many files each has. */
export const TENANTS = [
  { id: '7', workspace: 'contoso', files: 24 },
  { id: '8', workspace: 'contoso', files: 18 },
  { id: '9', workspace: 'tailspin', files: 18 },
] as const;

/** The operations of a tenant, and their titles. */
export const OPERATIONS: Readonly<Record<OperationType, string>> = {
  directory_sync: 'Sync directory',
  baseline_compare: 'Compare baseline',
  tenant_backup: 'Back up tenant',
};

/** Orders work on a tenant's files; returns the id of the run. */
export type OrderWork = (work: {
  readonly tenant: string;
  readonly type: OperationType;
  readonly title?: string | undefined;
  readonly by: string;
  readonly approval?: boolean | undefined;
}) => Promise<string>;

/** The files of all tenants. */
export type TenantWork = { readonly order: OrderWork; readonly remove: () => Promise<void> };

/** Lays out each tenant's files in a temporary folder. `restMs` is how long each step of work on them takes. */
export async function layOutTenants(desk: RunDesk, restMs: number): Promise<TenantWork> {
  const folder = await mkdtemp(join(tmpdir(), 'tardy-demo-'));
  const folderOf = (tenant: string) => join(folder, `tenant-${tenant}`);
  for (const { id, files } of TENANTS) await layOutTenant(folderOf(id), id, files);
  return {
    async order({ tenant, type, title = OPERATIONS[type], by, approval }) {
      const found = TENANTS.find(({ id }) => id === tenant);
      if (found === undefined) throw new Error(`There is no tenant ${tenant}.`);
      const input = { folder: folderOf(tenant), restMs };
      return desk.order({ workspace: found.workspace, tenant, type, title, by, approval, input });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
