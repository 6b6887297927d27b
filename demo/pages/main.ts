// Loaded by every page of the admin product: the elements, and the host's own behaviour.
import '@tardy/elements/define';
import './page.css';
import './bar.css';
import './strip.css';
import { listenForSignOut } from './signed-out.js';
import { startStrip } from './strip.js';
import { showTenantFigures } from './tenant-figures.js';
import { switchTenantsInPlace } from './tenant-switch.js';

listenForSignOut();
switchTenantsInPlace();
showTenantFigures();
startStrip();

// Back keeps the previous slice; the URL of the link has only the tenant.
document.querySelector('[data-back]')?.addEventListener('click', (event) => {
  const from = document.referrer === '' ? undefined : new URL(document.referrer);
  if (from?.origin !== location.origin || from.pathname !== '/admin/operations') return;
  event.preventDefault();
  history.back();
});
