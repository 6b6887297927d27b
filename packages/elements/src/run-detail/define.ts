import { defineElement } from '../shared/define-element.js';
import { RunDetail } from './run-detail.js';

defineElement(RunDetail.tag, RunDetail);
