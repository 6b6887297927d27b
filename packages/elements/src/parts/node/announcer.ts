import * as code from '../../shared/announcer.js';
import { loaded } from '../part.js';

export const announcer = loaded(code);
