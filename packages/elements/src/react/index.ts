'use client';
// The elements as components of React: what is set reaches them also where a server has drawn the page, and their events are props.
import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import type { OpsAuthRequiredEvent } from '../events/ops-auth-required.js';
import type { OpsErrorEvent } from '../events/ops-error.js';
import type { OpsEvidenceCopiedEvent } from '../events/ops-evidence-copied.js';
import type { OpsFilterChangeEvent } from '../events/ops-filter-change.js';
import type { OpsNavigateEvent } from '../events/ops-navigate.js';
import type { OpsPageChangeEvent } from '../events/ops-page-change.js';
import type { OpsRunChangeEvent } from '../events/ops-run-change.js';
import type { OpsScopeViolationEvent } from '../events/ops-scope-violation.js';
import { OpsAttention as AttentionElement } from '../ops-attention/ops-attention.js';
import { OpsKpis as KpisElement } from '../ops-kpis/ops-kpis.js';
import { OpsList as ListElement } from '../ops-list/ops-list.js';
import { RunDetail as DetailElement } from '../run-detail/run-detail.js';
import { RunProgress as ProgressElement } from '../run-progress/run-progress.js';
import '../define.js';

const common = {
  onOpsAuthRequired: 'ops-auth-required' as EventName<OpsAuthRequiredEvent>,
  onOpsError: 'ops-error' as EventName<OpsErrorEvent>,
  onOpsNavigate: 'ops-navigate' as EventName<OpsNavigateEvent>,
  onOpsRunChange: 'ops-run-change' as EventName<OpsRunChangeEvent>,
  onOpsScopeViolation: 'ops-scope-violation' as EventName<OpsScopeViolationEvent>,
};

/** `<ops-attention>`. */
export const OpsAttention = createComponent({
  react: React,
  tagName: AttentionElement.tag,
  elementClass: AttentionElement,
  events: common,
});

/** `<ops-kpis>`. */
export const OpsKpis = createComponent({
  react: React,
  tagName: KpisElement.tag,
  elementClass: KpisElement,
  events: common,
});

/** `<ops-list>`. */
export const OpsList = createComponent({
  react: React,
  tagName: ListElement.tag,
  elementClass: ListElement,
  events: {
    ...common,
    onOpsFilterChange: 'ops-filter-change' as EventName<OpsFilterChangeEvent>,
    onOpsPageChange: 'ops-page-change' as EventName<OpsPageChangeEvent>,
  },
});

/** `<run-detail>`. */
export const RunDetail = createComponent({
  react: React,
  tagName: DetailElement.tag,
  elementClass: DetailElement,
  events: { ...common, onOpsEvidenceCopied: 'ops-evidence-copied' as EventName<OpsEvidenceCopiedEvent> },
});

/** `<run-progress>`. */
export const RunProgress = createComponent({
  react: React,
  tagName: ProgressElement.tag,
  elementClass: ProgressElement,
  events: common,
});
