import { Part } from '../part.js';

export const policyReader = new Part(() => import('../../store/policy-reader.js'));
