import { Part } from '../part.js';

export const reportReader = new Part(() => import('../../store/report-reader.js'));
