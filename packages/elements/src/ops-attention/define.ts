import { defineElement } from '../shared/define-element.js';
import { OpsAttention } from './ops-attention.js';

defineElement(OpsAttention.tag, OpsAttention);
