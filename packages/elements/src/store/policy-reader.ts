export { trustPolicy } from '@tardy/core';
