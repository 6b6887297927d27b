export { readReport } from '@tardy/core';
