import { createApp, h, nextTick, shallowRef, type GlobalComponents } from 'vue';
import '../jsx/vue.js';
import { defineElement } from '../shared/define-element.js';
import { RunProgress } from '../run-progress/run-progress.js';
import { currentPage } from '../store/page.js';
import '../define.js';

type ProgressProps = InstanceType<GlobalComponents['run-progress']>['$props'];

/** Draws a page of Vue around the elements; `show` draws it again with other runs. */
export function mountVue(box: Element, first: unknown, now: string) {
  const followed: string[] = [];
  const report = shallowRef(first);
  const app = createApp(() => {
    const props: ProgressProps = {
      report: report.value,
      now,
      'time-zone': 'UTC',
      'run-href': '/runs/{id}',
      onOpsNavigate: (event) => {
        event.preventDefault();
        followed.push(event.href);
      },
    };
    return h('main', [
      h('run-progress', props, [h('h3', { slot: 'heading' }, 'In Vue')]),
      h('ops-list', { report: report.value, now, density: 'compact', class: 'recent' }),
    ]);
  });
  app.mount(box);
  const show = async (next: unknown) => {
    report.value = next;
    await nextTick();
  };
  return { followed, show, unmount: () => app.unmount() };
}

/** This bundle's own copy of a class, under a tag of its own. */
export function defineCopy(tag: string): void {
  defineElement(tag, RunProgress);
}

/** The page's stores as this bundle sees them. */
export const pageOfBundle = currentPage;
