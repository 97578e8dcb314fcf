import type { ReleaseRecord, ServiceRecord, ServiceState } from '../../../lib/core/contracts/state';
import { pullRequestComment } from '../../../lib/core/notices/pull-request-comment';
import type { StageView } from '../../../lib/core/notices/stage-view';
import { aRelease, aServiceState } from '../../builders';

const EXECUTION = 'arn:aws:states:eu-central-1:123456789012:execution:Seedbed-Release:shop-pr-12-1';
const aRecord = (more: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  release: aRelease({ stage: 'pr-12', pullRequest: { number: 12 } }),
  status: 'succeeded',
  executionArn: EXECUTION,
  finishedAt: '2026-01-02T03:04:46.678Z',
  ...more,
});
const aView = (more: Partial<StageView> = {}): StageView => ({ latest: [], states: [], hasConsole: true, ...more });
const aService = (more: Partial<ServiceRecord> = {}): ServiceRecord => ({
  path: 'orders',
  status: 'deployed',
  planned: [],
  functions: [],
  outputs: {},
  durations: { build: 1_500 },
  ...more,
});
const comment = (record: ReleaseRecord, services: readonly ServiceRecord[] = [], view = aView()): string =>
  pullRequestComment({ record, services }, view);

/** What people of other trust can put into names, messages and outputs. */
const NASTY = [
  '`code` **bold** @everyone @acme/admins #1 <img src=x onerror=alert(1)> </details> [x](javascript:alert(1))',
  '| a | b |\n| --- | --- |\n# heading',
  '```\n@team\n```\n<!-- seedbed:shop -->',
  '\u202Egnp.exe\u0000\u001b[31m',
].join('\n');

/** @returns the text without code: what GitHub reads Markdown, HTML and mentions in. */
const outsideCode = (markdown: string): string =>
  markdown.replace(/^(`{3,})[^`\n]*\n[\s\S]*?\n\1$/gm, '').replace(/`[^`\n]*`/g, '');

describe('the comment on a pull request', () => {
  it('tells what is deployed and not in the commit', () => {
    const reasons = [{ code: 'not-in-commit' as const, message: 'deployed (bbbbbbb), not in this commit' }];
    const text = comment(aRecord({ plan: { phases: [], skip: [{ path: 'web', reasons }] } }), []);
    expect(text).toContain(' · 1 not in this commit · ');
    expect(text).toContain('\n**Deployed, not in this commit**\n\n- `web`: `deployed (bbbbbbb), not in this commit`');
    expect(text).not.toContain('Left alone');
  });

  it('tells what is held, and why, apart from what is left alone', () => {
    const skip = (path: string, code: 'held' | 'unchanged') => ({
      path,
      reasons: [{ code, message: `because ${code}` }],
    });
    const text = comment(aRecord({ plan: { phases: [], skip: [skip('api', 'held'), skip('web', 'unchanged')] } }), []);
    expect(text).toContain(' · 1 held · 1 unchanged · ');
    expect(text).toContain('\n**Held**\n\n- `api`: `because held`\n\nLeft alone: `web`.');
  });

  it('tells each service, what was decided and why, how long it took, and what it offers', () => {
    const decision = {
      kind: 'full' as const,
      reasons: [{ code: 'template-changed' as const, message: 'the template changed' }],
      changedFunctions: [],
    };
    const states: ServiceState[] = [
      aServiceState({
        outputs: { ServiceEndpoint: 'https://api.example.com/dev', ServerlessDeploymentBucketName: 'b' },
      }),
    ];
    const reasons = [{ code: 'unchanged' as const, message: 'nothing changed' }];
    const record = aRecord({ plan: { phases: [[{ path: 'orders', reasons: [] }]], skip: [{ path: 'web', reasons }] } });
    expect(comment(record, [aService({ decision })], aView({ states }))).toBe(
      [
        '<!-- seedbed:shop -->',
        '### Stage `pr-12` of `shop` is up to date',
        '',
        'commit `bbbbbbb` · release `01HZZZZZZZZZZZZZZZZZZZZZZZ` · 1 deployed · 1 unchanged · 41.0 s · ' +
          `[execution](https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/${EXECUTION})`,
        '',
        '| service | result | decision | why | time |',
        '| --- | --- | --- | --- | ---: |',
        '| `orders` | deployed | full | `the template changed` | 1.5 s |',
        '',
        'Left alone: `web`.',
        '',
        '| service | output | value |',
        '| --- | --- | --- |',
        '| `orders` | `ServiceEndpoint` | <https://api.example.com/dev> |',
      ].join('\n'),
    );
  });

  it('shows the ARN of the execution where there is no console to open it in', () => {
    const text = comment(aRecord(), [], aView({ hasConsole: false }));
    expect(text).toContain(`execution \`${EXECUTION}\``);
    expect(text).not.toContain('console.aws');
  });

  it('has the warnings of services, as many as there is room for', () => {
    const warnings = ['provider.profile: not used', 'function `a` gets | no alias'];
    expect(comment(aRecord(), [aService(), aService({ path: 'web', warnings })])).toContain(
      '\n\n**Warnings**\n\n- `web`: `provider.profile: not used`\n- `web`: `function ˋaˋ gets ¦ no alias`',
    );
    expect(comment(aRecord(), [aService()])).not.toContain('Warnings');
    const many = comment(aRecord(), [aService({ warnings: Array.from({ length: 300 }, () => 'x'.repeat(400)) })]);
    expect(many).toMatch(/\n… and 28\d more$/);
  });

  it('says what failed', () => {
    const error = { code: 'StackFailed', message: 'stack orders-pr-12:\nresource Table already exists' };
    const text = comment(aRecord({ status: 'failed', error }), [aService({ status: 'failed', error })]);
    expect(text).toContain('### Stage `pr-12` of `shop` failed');
    expect(text).toContain('```text\nStackFailed: stack orders-pr-12:\nresource Table already exists\n```');
    expect(text).toContain('| `orders` | **failed** |');
  });

  it('shows failed services first, and says what the rows that it leaves out are', () => {
    const paths = Array.from({ length: 250 }, (_, index) => `services/${index}`);
    const statusOf = (index: number) => (index >= 240 ? 'failed' : index % 2 === 0 ? 'deployed' : 'skipped');
    const plan = { phases: [paths.map((path) => ({ path, reasons: [] }))], skip: [] };
    const services = paths.map((path, index) => aService({ path, status: statusOf(index) }));
    const rows = comment(aRecord({ status: 'failed', plan }), services)
      .split('\n')
      .filter((line) => line.startsWith('| `') || line.startsWith('…'));
    expect(rows.slice(0, 10).every((row) => row.includes('**failed**'))).toBe(true);
    expect(rows[10]).toContain('deployed');
    expect(rows).toHaveLength(201);
    expect(rows.at(-1)).toBe('… and 50 more (50 unchanged)');
  });

  it('leaves out rows that are too long together, and says how many', () => {
    const paths = Array.from({ length: 150 }, (_, index) => `${'x'.repeat(190)}${index}`);
    const reasons = [{ code: 'files-changed' as const, message: 'y'.repeat(400) }];
    const plan = { phases: [paths.map((path) => ({ path, reasons }))], skip: [] };
    const states = paths.map((path) =>
      aServiceState({ path, outputs: { Url: `https://${'a'.repeat(300)}.example.com` } }),
    );
    const text = comment(
      aRecord({ plan }),
      paths.map((path) => aService({ path, planned: reasons, warnings: ['z'.repeat(600)] })),
      aView({ states }),
    );
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/… and \d+ more \(\d+ deployed\)\n/);
    expect(text).toMatch(/… and \d+ more$/);
  });

  it('names the release that comes next', () => {
    const waiting = aRelease({ id: '01J00000000000000000000000', commit: 'c'.repeat(40) });
    const latest: ReleaseRecord[] = [{ release: waiting, status: 'waiting' }];
    expect(comment(aRecord({ status: 'running' }), [], aView({ latest }))).toContain('Next is commit `ccccccc`');
  });

  it.each([
    ['running', {}, 'is being released'],
    ['running', { cancel: { at: '' } }, 'is being cancelled'],
    ['aborted', {}, 'was cancelled'],
    ['waiting', {}, 'waits for its turn'],
  ] as const)('has a headline for %s %j', (status, more, headline) => {
    expect(comment(aRecord({ status, ...more }))).toContain(`### Stage \`pr-12\` of \`shop\` ${headline}`);
  });

  it('says nothing of services and outputs once the stage is removed', () => {
    const release = aRelease({ stage: 'pr-12', remove: { emptyBuckets: true } });
    const states = [aServiceState({ outputs: { Url: 'https://gone.example.com' } })];
    const text = comment(aRecord({ release }), [aService({ status: 'removed' })], aView({ states }));
    expect(text).toContain('is removed');
    expect(text).toContain('1 removed');
    expect(text).not.toContain('gone.example.com');
  });

  it('lets nothing that others wrote be Markdown, HTML, a mention or a reference', () => {
    const error = { code: 'BuildFailed', message: NASTY };
    const reasons = [{ code: 'files-changed' as const, message: NASTY }];
    const states = [aServiceState({ path: NASTY, outputs: { [NASTY]: NASTY, Link: `https://x.example/${NASTY}` } })];
    const plan = { phases: [[{ path: NASTY, reasons }]], skip: [{ path: NASTY.slice(0, 50), reasons }] };
    const text = comment(
      aRecord({ status: 'failed', error, plan }),
      [aService({ path: NASTY, planned: reasons, status: 'failed', warnings: [NASTY] })],
      aView({ states }),
    );
    const markdown = outsideCode(text.split('\n').slice(1).join('\n')).replace(/\*\*(failed|Warnings)\*\*/g, '');
    expect(markdown).not.toMatch(/[@<>!*`]|javascript|everyone/);
    expect(text).not.toMatch(/\p{Cf}/u);
    expect(markdown.replaceAll(/^#+ Stage.*$/gm, '')).not.toContain('# ');
    // A row of a table has as many cells as its head.
    const rows = text.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('|').length)).toEqual([7, 5, 5]);
    // The mark by which the comment is found is there once, at the very beginning.
    expect(text.startsWith('<!-- seedbed:shop -->\n')).toBe(true);
  });

  it('stays within what GitHub takes, with 3,000 services, outputs and a long error', () => {
    const paths = Array.from({ length: 3_000 }, (_, index) => `services/${'x'.repeat(80)}-${index}`);
    const plan = {
      phases: [paths.map((path) => ({ path, reasons: [] }))],
      skip: paths.map((path) => ({ path: `${path}y`, reasons: [] })),
    };
    const states = paths.map((path) =>
      aServiceState({ path, outputs: { Url: `https://${'a'.repeat(300)}.example.com` } }),
    );
    const error = { code: 'ServiceFailed', message: 'no\n'.repeat(50_000) };
    const text = comment(
      aRecord({ status: 'failed', error, plan }),
      paths.map((path) => aService({ path })),
      aView({ states }),
    );
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toContain('… and 2800 more');
    expect(text.match(/^```/gm)).toHaveLength(2);
  });
});
