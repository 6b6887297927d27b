import { Part } from '../part.js';

export const runEvents = new Part(() => import('../../store/run-events.js'));
