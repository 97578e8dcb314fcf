import { PassThrough } from 'node:stream';
import type { ReleaseView } from '../../../lib/cli/show/follow-release';
import { progressDisplay } from '../../../lib/cli/show/progress-display';
import { serviceProgress } from '../../../lib/cli/show/service-progress';
import { aRelease } from '../../builders';

const running: ReleaseView = {
  record: {
    release: aRelease(),
    status: 'running',
    plan: { phases: [[{ path: 'orders', reasons: [] }]], skip: [] },
  },
  services: [],
  running: [serviceProgress('orders', [{ name: 'Begin build', at: 0 }])],
};
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

  it('writes no control characters where there is no terminal', () => {
    expect(written(false, [running, ended])).not.toContain('\u001b');
  });

  it('moves what runs on a terminal, leaves the end and gives the cursor back', () => {
    const text = written(true, [running, ended]);
    expect(text).toContain('Begin build');
    expect(text.slice(text.lastIndexOf('\u001b[J', text.indexOf('release succeeded')))).not.toContain('Begin build');
    expect(text.endsWith('\u001b[?25h')).toBe(true);
  });
});
