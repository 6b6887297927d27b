import { defineElement } from '../shared/define-element.js';
import { RunProgress } from './run-progress.js';

defineElement(RunProgress.tag, RunProgress);
