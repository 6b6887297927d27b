import * as code from '../../run-detail/run-history.js';
import { loaded } from '../part.js';

export const history = loaded(code);
