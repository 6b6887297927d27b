import { Part } from '../part.js';

export const detailBody = new Part(() => import('../../run-detail/detail-body.js'));
