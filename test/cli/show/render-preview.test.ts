import { renderPreview } from '../../../lib/cli/show/render-preview';
import type { RollbackPreview } from '../../../lib/core/contracts/rollback-preview';
import { COMMIT, RELEASE_ID } from '../../builders';

const NEWER = '01J00000000000000000000000';
const STAGE = { app: 'shop', stage: 'prod' };
const to = { releaseId: RELEASE_ID, commit: COMMIT };
const from = { releaseId: NEWER, commit: 'c'.repeat(40) };
const PREVIEW: RollbackPreview = {
  to: { ...to, finishedAt: '2026-01-02T03:04:05.678Z' },
  services: [
    {
      path: 'orders',
      how: 'aliases',
      from,
      to,
      problems: [],
      reasons: [
        { code: 'rollback', message: 'is told by the line above' },
        { code: 'function-code-changed', message: 'code changed: List, Create' },
      ],
      functions: [
        { logicalId: 'List', name: 'orders-prod-list', from: '12', to: '9' },
        { logicalId: 'Create', name: 'orders-prod-create', from: '7' },
      ],
    },
    {
      path: 'web',
      how: 'package',
      from,
      to,
      problems: [],
      functions: [],
      reasons: [{ code: 'template-changed', message: 'the template changed' }],
    },
    {
      path: 'mail',
      how: 'nothing',
      functions: [],
      problems: [],
      reasons: [{ code: 'unchanged', message: 'it is what it was' }],
    },
  ],
};

describe('renderPreview', () => {
  it('tells what goes where, how and why', () => {
    expect(renderPreview(PREVIEW, STAGE)).toEqual([
      `rollback to ${RELEASE_ID}  shop → prod, commit bbbbbbb, ended 2026-01-02 03:04 UTC`,
      `  back   orders  release ${NEWER} (ccccccc) → release ${RELEASE_ID} (bbbbbbb)`,
      '    aliases move: code changed: List, Create',
      '        List    orders-prod-list    version 12 → 9',
      '        Create  orders-prod-create  version 7 → a new one',
      `  back   web  release ${NEWER} (ccccccc) → release ${RELEASE_ID} (bbbbbbb)`,
      '    the stored package is deployed again: the template changed',
      '  stays  mail  it is what it was',
      '2 of 3 services would go back; nothing was changed',
    ]);
  });

  it('shows problems first, and counts the services that stay, if they are many', () => {
    const stays = PREVIEW.services[2]!;
    const staying = Array.from({ length: 6 }, (_, index) => ({ ...stays, path: `mail/${index}` }));
    const web = { ...PREVIEW.services[1]!, problems: ['the package is gone'] };
    const lines = renderPreview({ ...PREVIEW, services: [...staying, PREVIEW.services[0]!, web] }, STAGE);
    expect(lines[1]).toContain('back   web');
    expect(lines.at(-2)).toBe('  stays  6 services: 6 unchanged');
  });

  it('tells which release would be stopped', () => {
    expect(renderPreview({ ...PREVIEW, stops: NEWER }, STAGE)[1]).toBe(
      `release ${NEWER} is running and would be stopped`,
    );
  });

  it('tells why it is not possible', () => {
    const orders = {
      ...PREVIEW.services[0]!,
      how: 'nothing' as const,
      functions: [],
      problems: ['the package is gone'],
    };
    expect(renderPreview({ ...PREVIEW, services: [orders] }, STAGE).slice(1)).toEqual([
      `  back   orders  release ${NEWER} (ccccccc) → release ${RELEASE_ID} (bbbbbbb)`,
      '    problem: the package is gone',
      'this rollback is not possible; nothing was changed',
    ]);
  });
});
