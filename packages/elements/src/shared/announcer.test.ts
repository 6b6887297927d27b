import { expect } from '@esm-bundle/chai';
import { T0, TestEnvironment } from '../test-environment.js';
import { mount, unmountAll } from '../test-fixture.js';
import { fresh, soonLate, young } from '../test-runs.js';
import { RunProgress } from '../run-progress/run-progress.js';
import '../run-progress/define.js';

describe('announcements', () => {
  let environment: TestEnvironment;

  beforeEach(() => {
    environment = new TestEnvironment();
  });

  afterEach(unmountAll);

  const report = (...runs: readonly unknown[]) => ({ runs, now: new Date(environment.serverNow()).toISOString() });
  const regions = () => [...document.querySelectorAll('[role=status]')];
  const said = () => regions().map((region) => region.textContent);

  it('say once per page that a run is late', async () => {
    const data = report(soonLate);
    await mount(RunProgress, { report: data });
    await mount(RunProgress, { report: data });
    await environment.advance(4900);
    expect(said()).to.deep.equal([]);
    await environment.advance(300);
    expect(said()).to.deep.equal(['Soon late: Running late']);
  });

  it('say milestones, not ticks', async () => {
    const at = (processed: number) => report({ ...fresh, progress: { processed, total: 100 } });
    const element = await mount(RunProgress, { report: at(20) });
    for (const processed of [21, 24]) {
      element.report = at(processed);
      await element.updateComplete;
      await environment.advance(1000);
    }
    expect(said()).to.deep.equal([]);
    element.report = at(26);
    await element.updateComplete;
    await environment.advance(1000);
    expect(said()).to.deep.equal(['Fresh run: 25%']);
  });

  it('come at most every ten seconds, several in one', async () => {
    const ended = (count: number) =>
      Array.from({ length: 6 }, (_, index) => ({
        ...young,
        id: `r${index}`,
        title: `Run ${index}`,
        ...(index < count ? { status: 'completed', outcome: 'succeeded', ended_at: new Date(T0).toISOString() } : {}),
      }));
    const element = await mount(RunProgress, { max: 9, report: report(...ended(0)) });
    element.report = report(...ended(1));
    await element.updateComplete;
    await environment.advance(200);
    expect(said()).to.deep.equal(['Run 0: Succeeded']);
    element.report = report(...ended(6));
    await element.updateComplete;
    await environment.advance(9000);
    expect(said()).to.deep.equal(['Run 0: Succeeded']);
    await environment.advance(1000);
    expect(said()).to.deep.equal(['Run 1: Succeeded. Run 2: Succeeded. Run 3: Succeeded. 2 more changes']);
  });

  it('survive a page that replaces its body', async () => {
    const element = await mount(RunProgress, { report: report({ ...fresh, progress: { processed: 20, total: 100 } }) });
    element.report = report({ ...fresh, progress: { processed: 26, total: 100 } });
    await element.updateComplete;
    await environment.advance(11_000);
    const body = document.body;
    const other = document.createElement('body');
    other.append(element);
    body.replaceWith(other);
    element.report = report({ ...fresh, progress: { processed: 51, total: 100 } });
    await element.updateComplete;
    await environment.advance(1000);
    expect(said()).to.deep.equal(['Fresh run: 50%']);
    other.replaceWith(body);
  });

  it('are heard in a modal dialog', async () => {
    const dialog = document.createElement('dialog');
    document.body.append(dialog);
    dialog.showModal();
    await mount(RunProgress, { report: report(soonLate) }, dialog);
    await environment.advance(6000);
    expect(dialog.querySelector('[role=status]')?.textContent).to.equal('Soon late: Running late');
    dialog.remove();
  });

  it('are not made by an element that is silenced', async () => {
    await mount(RunProgress, { report: report(soonLate), announce: 'off' });
    await environment.advance(6000);
    expect(regions()).to.deep.equal([]);
  });
});
