import * as code from '../../store/run-events.js';
import { loaded } from '../part.js';

export const runEvents = loaded(code);
