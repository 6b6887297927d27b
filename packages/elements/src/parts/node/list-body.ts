import * as code from '../../ops-list/list-body.js';
import { loaded } from '../part.js';

export const listBody = loaded(code);
