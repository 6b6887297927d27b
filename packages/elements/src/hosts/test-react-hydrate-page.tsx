/** @jsxImportSource react */
import { hydrateRoot } from 'react-dom/client';
import { ReactPage } from './test-react-shared.js';

const followed: string[] = [];
const errors: string[] = [];
addEventListener('error', ({ message }) => errors.push(message));
const root = document.getElementById('root');
if (root !== null)
  hydrateRoot(root, <ReactPage followed={followed} />, { onRecoverableError: (error) => errors.push(String(error)) });
Object.assign(globalThis, { followed, errors });
