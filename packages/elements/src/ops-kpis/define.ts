import { defineElement } from '../shared/define-element.js';
import { OpsKpis } from './ops-kpis.js';

defineElement(OpsKpis.tag, OpsKpis);
