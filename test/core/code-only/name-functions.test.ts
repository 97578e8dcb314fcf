import { middleOf } from '../../../lib/core/code-only/function-pattern';
import { nameFunctions } from '../../../lib/core/code-only/name-functions';
import { refuseNotGranted, refuseUnfit } from '../../../lib/core/code-only/refuse-unfit';
import { tellInvokers } from '../../../lib/core/code-only/tell-invokers';
import { aFunctionBundle, aRelease } from '../../builders';

const where = { service: 'functions', stage: 'dev', placesOf: () => ['src/list', 'src/mail'] };
const entry = { runtime: 'nodejs22.x', architecture: 'x86_64' } as const;

describe('names of functions in seed.yml', () => {
  it('have the stage, and a pattern is a function for each directory', () => {
    const written = [
      { ...entry, name: 'pay-${stage}', zip: './pay.zip' },
      { ...entry, name: 'shop-${stage}-*', directory: 'src/*' },
    ];
    expect(nameFunctions(written, where)).toMatchObject([
      { name: 'pay-dev', path: 'pay.zip', isZip: true },
      { name: 'shop-dev-list', path: 'src/list', isZip: false },
      { name: 'shop-dev-mail', path: 'src/mail', isZip: false },
    ]);
  });

  it.each([
    [
      'a pattern that stands for nothing',
      [{ name: 'a-*', directory: 'lib/*' }],
      /nothing is called "functions\/lib\/\*"/,
    ],
    [
      'a function that two entries name',
      [
        { name: 'a-${stage}-list', directory: 'one' },
        { name: 'a-dev-*', directory: 'src/*' },
      ],
      /functions\[1\]": function "a-dev-list" is named by seed\.yml: "code_only\.functions\[0\]" already/,
    ],
    ['a name that is too long', [{ name: 'a'.repeat(65), directory: 'x' }], /no function can be called/],
  ])('are refused: %s', (_, entries, message) => {
    const written = entries.map((one) => ({ ...entry, ...one }));
    expect(() => nameFunctions(written, where)).toThrow(expect.objectContaining({ code: 'ConfigInvalid' }));
    expect(() => nameFunctions(written, where)).toThrow(message);
  });

  it('match a pattern with anything where it has a star', () => {
    expect(middleOf('a-*-z', 'a-b-c-z')).toBe('b-c');
    expect(middleOf('a-*-z', 'a-z')).toBeUndefined();
    expect(middleOf('a', 'b')).toBeUndefined();
    expect(middleOf('a*b*c', 'axxbyyc')).toBe('xxbyy');
    expect(middleOf('a*b*c', 'axxc')).toBeUndefined();
  });
});

describe('functions that something else made', () => {
  const functions = {
    list: { ...aFunctionBundle('list', 'A'), runtime: 'nodejs22.x', architecture: 'arm64' as const, handler: '' },
  };
  const fit = { isImage: false, runtime: 'nodejs22.x', architecture: 'arm64', handler: 'any.handler' };

  it('are refused unless the stage grants them', () => {
    const guard = { protect: false, adopt: [], replace: [], functions: ['li*', 'x-${stage}'] };
    const of = (name: string) => ({ service: 'functions', functions: { [name]: functions.list } });
    expect(() => refuseNotGranted(of('list'), aRelease({ guard }))).not.toThrow();
    expect(() => refuseNotGranted(of('x-dev'), aRelease({ guard }))).not.toThrow();
    expect(() => refuseNotGranted(of('x-prod'), aRelease({ guard }))).toThrow(/"apps\.shop\.stages\.dev\.functions"/);
    expect(() => refuseNotGranted(of('list'), aRelease())).toThrow(/may not change: list/);
  });

  it('are refused unless they are what the package is for', () => {
    const refuse = (made: typeof fit | undefined) => () =>
      refuseUnfit({ service: 'functions', functions }, { list: made });
    expect(refuse(fit)).not.toThrow();
    expect(refuse(undefined)).toThrow(expect.objectContaining({ code: 'FunctionMissing' }));
    expect(refuse({ ...fit, isImage: true })).toThrow(/is a container image/);
    expect(refuse({ ...fit, runtime: 'python3.13' })).toThrow(
      /has the runtime python3\.13, and the package is for nodejs22\.x/,
    );
    expect(refuse({ ...fit, architecture: 'x86_64' })).toThrow(
      /has the architecture x86_64, and the package is for arm64/,
    );
  });

  it('are told with what invokes them without their alias, and what to write instead', () => {
    const at = { alias: 'live', target: { account: '123456789012', region: 'eu-central-1' } };
    expect(tellInvokers('list', [], at)).toEqual([]);
    const [text] = tellInvokers(
      'list',
      [
        { kind: 'event-source', id: 'e', source: 'arn:aws:sqs:eu-central-1:123456789012:jobs' },
        { kind: 'permission', id: 'nightly', principal: 'events.amazonaws.com', source: 'arn:rule' },
        { kind: 'url', url: 'https://x.lambda-url' },
      ],
      at,
    );
    expect(text).toContain('event source mapping e of arn:aws:sqs:eu-central-1:123456789012:jobs');
    expect(text).toContain('events.amazonaws.com for arn:rule (statement "nightly" of its policy)');
    expect(text).toContain('arn:aws:lambda:eu-central-1:123456789012:function:list:live');
  });
});
