import { Part } from '../part.js';

export const announcer = new Part(() => import('../../shared/announcer.js'));
