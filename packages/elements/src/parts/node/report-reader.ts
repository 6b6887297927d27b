import * as code from '../../store/report-reader.js';
import { loaded } from '../part.js';

export const reportReader = loaded(code);
