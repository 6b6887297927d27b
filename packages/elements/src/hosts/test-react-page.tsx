/** @jsxImportSource react */
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { flushSync } from 'react-dom';
import '../jsx/react.js';
import type { OpsNavigateEvent } from '../events/ops-navigate.js';
import '../define.js';

/** Draws a page of React around the elements; `show` draws it again with other runs. */
export function mountReact(box: Element, first: unknown, now: string) {
  const followed: string[] = [];
  let show: (report: unknown) => void = () => {};
  const navigate = (event: OpsNavigateEvent) => {
    event.preventDefault();
    followed.push(event.href);
  };
  function Page() {
    const [report, setReport] = useState(first);
    show = (next) => flushSync(() => setReport(next));
    return (
      <main>
        <run-progress report={report} now={now} time-zone="UTC" runHref="/runs/{id}" onops-navigate={navigate}>
          <h3 slot="heading">In React</h3>
        </run-progress>
        <ops-list report={report} now={now} density="compact" className="recent" />
      </main>
    );
  }
  const root = createRoot(box);
  flushSync(() => root.render(<Page />));
  return { followed, show: (report: unknown) => Promise.resolve(show(report)), unmount: () => root.unmount() };
}
