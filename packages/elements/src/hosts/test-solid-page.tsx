/** @jsxImportSource solid-js */
import '../jsx/solid.js';

// Only its types are checked: Solid needs its own compiler to run.
export const page = () => (
  <>
    <run-detail run-id="a" attr:time-zone="UTC" prop:redact={() => '…'} />
    <ops-list
      page={2}
      sync-url="push"
      class="wide"
      on:ops-filter-change={({ filter }) => filter.tab}
      // @ts-expect-error There is no such density.
      density="airy"
    />
  </>
);
