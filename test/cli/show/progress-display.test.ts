import { PassThrough } from 'node:stream';
import type { ReleaseView } from '../../../lib/cli/show/follow-release';
import { progressDisplay } from '../../../lib/cli/show/progress-display';
import { serviceProgress } from '../../../lib/cli/show/service-progress';
import type { Release } from '../../../lib/core/contracts/release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { aRelease, RELEASE_ID } from '../../builders';

/** A release whose only service has entered these states, the newest last. */
const aRunning = (release: Release, ...states: readonly string[]): ReleaseView => ({
  record: { release, status: 'running', plan: { phases: [[{ path: 'orders', reasons: [] }]], skip: [] } },
  services: [],
  running: [serviceProgress('orders', states.map((name, at) => ({ name, at })).reverse(), { release })],
});
const running = aRunning(aRelease(), 'Begin build');
const ended: ReleaseView = { ...running, record: { ...running.record, status: 'succeeded' }, running: [] };

/** What a display writes to a stream for these readings. */
function written(isTTY: boolean, views: readonly ReleaseView[]): string {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  const display = progressDisplay(stream as unknown as NodeJS.WriteStream);
  for (const view of views) display.show(view);
  display.close();
  return stream.read().toString('utf8');
}

describe('the display of a release', () => {
  it('writes a line for each change where there is no terminal', () => {
    const text = written(false, [running, running, ended]);
    expect(text.split('\n').slice(2)).toEqual(['  build orders  ', '  orders  build …', 'release succeeded', '']);
  });

  it.each([
    ['a rollback', { rollback: { to: RELEASE_ID } }, 'Use stored package', 'back'],
    ['a removal', { remove: { emptyBuckets: false } }, 'Begin removal', 'remove'],
  ])('never says of %s that it builds', (_, more, next, verb) => {
    const release = aRelease(more);
    const views = [
      aRunning(release, 'Begin build'),
      aRunning(release, 'Begin build', 'Build, reuse or remove?'),
      aRunning(release, 'Begin build', 'Build, reuse or remove?', next),
    ];
    const durations = { build: 1_000, deploy: 2_000 };
    const service: ServiceRecord = {
      path: 'orders',
      status: 'deployed',
      planned: [],
      functions: [],
      outputs: {},
      durations,
    };
    const end: ReleaseView = { ...ended, record: { ...ended.record, release }, services: [service] };
    const lines = written(false, [...views, end]).split('\n');
    expect(lines.slice(2)).toEqual([
      `  ${verb} orders  `,
      '  orders  deploy …',
      '✔ orders  deploy 3.0 s',
      'release succeeded',
      '',
    ]);
    const onTerminal = written(true, [...views, end]);
    expect(onTerminal).toContain(next);
    expect(onTerminal).not.toMatch(/build/i);
  });

  it('writes no control characters where there is no terminal', () => {
    expect(written(false, [running, ended])).not.toContain('\u001b');
  });

  it('says how many services a terminal has no room for', () => {
    const paths = Array.from({ length: 40 }, (_, index) => `services/${index}`);
    const release = aRelease();
    const many: ReleaseView = {
      record: {
        release,
        status: 'running',
        plan: { phases: [paths.map((path) => ({ path, reasons: [] }))], skip: [] },
      },
      services: [],
      running: paths.map((path) => serviceProgress(path, [{ name: 'Begin build', at: 0 }], { release })),
    };
    const drawn = written(true, [many]);
    expect(drawn.match(/Begin build/g)).toHaveLength(21);
    expect(drawn).toContain('  and 19 more\n');
  });

  it('moves what runs on a terminal, leaves the end and gives the cursor back', () => {
    const text = written(true, [running, ended]);
    expect(text).toContain('Begin build');
    expect(text.slice(text.lastIndexOf('\u001b[J', text.indexOf('release succeeded')))).not.toContain('Begin build');
    expect(text.endsWith('\u001b[?25h')).toBe(true);
  });
});
