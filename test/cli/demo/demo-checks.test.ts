import type { DemoPush } from '../../../lib/cli/demo/demo-act';
import { type DemoAnswer, unexpected } from '../../../lib/cli/demo/demo-checks';
import type { ReleaseView } from '../../../lib/cli/show/follow-release';
import type { ServiceRecord } from '../../../lib/core/contracts/state';
import { aRelease } from '../../builders';

const PUSH: DemoPush = {
  message: 'Greet',
  edits: [],
  outcome: 'succeeded',
  services: [{ service: 'catalog', decision: 'incremental', functions: ['List'] }],
  questions: [{ service: 'catalog', path: '/products', expect: 'Spring' }],
};
const SERVICE: ServiceRecord = {
  path: 'catalog',
  status: 'deployed',
  planned: [],
  outputs: {},
  durations: {},
  decision: { kind: 'incremental', reasons: [], changedFunctions: ['List'] },
  functions: [
    { logicalId: 'List', name: 'list', updated: true, version: '2' },
    { logicalId: 'Get', name: 'get', updated: false, version: '1' },
  ],
};
const VIEW: ReleaseView = {
  record: {
    release: aRelease(),
    status: 'succeeded',
    plan: { phases: [[{ path: 'catalog', reasons: [] }]], skip: [] },
  },
  services: [SERVICE],
  running: [],
};
const ANSWER: DemoAnswer = {
  question: PUSH.questions[0]!,
  url: 'http://api/products',
  status: 200,
  text: 'Spring is here',
};

const withService = (more: Partial<ServiceRecord>): ReleaseView => ({ ...VIEW, services: [{ ...SERVICE, ...more }] });
const withRecord = (more: Partial<ReleaseView['record']>): ReleaseView => ({
  ...VIEW,
  record: { ...VIEW.record, ...more },
});

describe('what came otherwise than an act has it', () => {
  it('is nothing if all came as expected', () => {
    expect(unexpected(PUSH, VIEW, [ANSWER])).toEqual([]);
  });

  it.each<[string, ReleaseView, DemoAnswer, RegExp]>([
    ['how the release ended', withRecord({ status: 'failed' }), ANSWER, /^the release: expected succeeded.*failed$/],
    [
      'a service that the plan should not have picked',
      withRecord({ plan: { phases: [['catalog', 'orders'].map((path) => ({ path, reasons: [] }))], skip: [] } }),
      ANSWER,
      /plan picks: expected catalog, but it was catalog, orders$/,
    ],
    [
      'the decision',
      withService({ decision: { kind: 'full', reasons: [], changedFunctions: [] } }),
      ANSWER,
      /the decision for catalog: expected incremental, but it was full$/,
    ],
    [
      'a function that was updated without need',
      withService({ functions: SERVICE.functions.map((one) => ({ ...one, updated: true })) }),
      ANSWER,
      /functions updated of catalog: expected List, but it was Get, List$/,
    ],
    ['the text of an answer', VIEW, { ...ANSWER, text: 'Welcome' }, /expected 200 with Spring.*200: Welcome$/],
    ['the status of an answer', VIEW, { ...ANSWER, status: 502 }, /expected 200 .* answered 502/],
  ])('is %s', (_, view, answer, message) => {
    expect(unexpected(PUSH, view, [answer])).toEqual([expect.stringMatching(message)]);
  });

  it.each([
    ['none', undefined, /the error of catalog: expected ShiftFailed, but it was none$/],
    ['another', 'StackFailed', /the error of catalog: expected ShiftFailed, but it was StackFailed$/],
  ])('is a service that was to fail for a reason and failed for %s', (_, code, message) => {
    const push: DemoPush = { ...PUSH, services: [{ ...PUSH.services[0]!, error: 'ShiftFailed' }] };
    const view = withService({ error: code ? { code, message: 'it failed' } : undefined });
    expect(unexpected(push, view, [ANSWER])).toEqual([expect.stringMatching(message)]);
  });

  it('is a service without a record', () => {
    expect(unexpected(PUSH, { ...VIEW, services: [] }, [ANSWER])).toContain(
      'the decision for catalog: expected incremental, but it was none',
    );
  });
});
