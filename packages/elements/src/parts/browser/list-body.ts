import { Part } from '../part.js';

export const listBody = new Part(() => import('../../ops-list/list-body.js'));
