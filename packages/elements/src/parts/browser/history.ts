import { Part } from '../part.js';

export const history = new Part(() => import('../../run-detail/run-history.js'));
