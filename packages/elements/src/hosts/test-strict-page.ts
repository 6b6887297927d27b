// Runs before the page is read on: what the page forbids is written down from the start.
const violations: string[] = [];
Object.assign(globalThis, { violations });
document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
