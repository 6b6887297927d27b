import type { SurfaceMessages } from '../surface-messages.js';
import { enDetailMessages } from './en-detail-messages.js';
import { enListMessages } from './en-list-messages.js';
import { enPageMessages } from './en-page-messages.js';

/** English. */
export const enSurfaces: SurfaceMessages = { ...enPageMessages, list: enListMessages, detail: enDetailMessages };
