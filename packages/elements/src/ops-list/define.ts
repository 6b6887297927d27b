import { defineElement } from '../shared/define-element.js';
import { OpsList } from './ops-list.js';

defineElement(OpsList.tag, OpsList);
