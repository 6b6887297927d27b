import { Part } from '../part.js';

export const german = new Part(() => import('../../shared/german.js'));
