import { refuseTooLarge } from '../../lib/packager/refuse-too-large';

const LIMIT = 250 * 1024 * 1024;
const of = (kind: 'function' | 'layer' | 'asset', unpackedSize: number) => ({
  kind,
  logicalId: `A${kind}`,
  bundle: { unpackedSize },
});

it('code of functions and layers that Lambda would refuse when it is unpacked is named, all of it at once', () => {
  expect(() => refuseTooLarge([of('function', LIMIT + 1), of('layer', 2 * LIMIT), of('function', 1)])).toThrow(
    expect.objectContaining({
      code: 'PackageFailed',
      message: expect.stringMatching(
        /^the code of function Afunction has 251 MB unpacked, and Lambda takes 250 .*\nthe code of layer Alayer has 500 MB/,
      ),
    }),
  );
});

it('what is just as large as it may be is taken, and assets of whatever size', () => {
  expect(() => refuseTooLarge([of('function', LIMIT), of('layer', LIMIT), of('asset', 3 * LIMIT)])).not.toThrow();
});
