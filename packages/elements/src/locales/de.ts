import { de, deSurfaces } from '@tardy/core/messages/de';
import { addCatalogue } from '../shared/catalogue.js';

addCatalogue({ messages: de, surfaces: deSurfaces });
