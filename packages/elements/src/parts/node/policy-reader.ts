import * as code from '../../store/policy-reader.js';
import { loaded } from '../part.js';

export const policyReader = loaded(code);
