/** @jsxImportSource react */
import { useState } from 'react';
import { OpsList, RunDetail } from '../react/index.js';

const now = '2026-11-23T12:00:00Z';
const runs = ['a', 'b', 'c'].map((id) => ({
  id,
  type: 'sync',
  title: `Run ${id}`,
  status: 'running',
  started_at: '2026-11-23T08:40:00Z',
}));
const report = { now, runs };

/** A page that a server draws and the browser takes over: what is set, and what happens, must survive that. */
export function ReactPage({ followed }: { readonly followed: string[] }) {
  const [size, setSize] = useState(1);
  return (
    <main>
      <OpsList
        report={report}
        now={now}
        timeZone="UTC"
        announce="off"
        pageSize={size}
        runHref="/runs/{id}"
        onOpsNavigate={(event) => {
          event.preventDefault();
          followed.push(event.href);
        }}
      />
      <RunDetail report={report} runId="b" now={now} announce="off" redact={() => 'hidden'} />
      <button id="more" onClick={() => setSize(2)}>
        More
      </button>
    </main>
  );
}
