import * as code from '../../run-detail/detail-body.js';
import { loaded } from '../part.js';

export const detailBody = loaded(code);
