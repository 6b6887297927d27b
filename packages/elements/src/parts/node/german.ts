import * as code from '../../shared/german.js';
import { loaded } from '../part.js';

export const german = loaded(code);
