import { addCatalogue } from '../shared/catalogue.js';
import * as german from '../shared/german.js';

addCatalogue(german);
