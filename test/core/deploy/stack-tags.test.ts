import fc from 'fast-check';
import { ServicePath } from '../../../lib/core/contracts/release';
import { isOwned, otherOwner, stackTags } from '../../../lib/core/deploy/stack-tags';
import '../../runs';

const owner = { app: 'shop', stage: 'dev', service: 'orders' };

describe('otherOwner', () => {
  it('knows the stack of a service by the tags it was given', () => {
    expect(otherOwner(stackTags(owner), owner)).toBeUndefined();
  });

  it.each([{ app: 'bank' }, { stage: 'prod' }, { service: 'payments' }])(
    'names whom a stack with %j belongs to',
    (more) => {
      const other = { ...owner, ...more };
      expect(otherOwner(stackTags(other), owner)).toEqual(other);
    },
  );

  it('lets a stack be adopted that carries none of our tags, whatever else it carries', () => {
    expect(otherOwner({}, owner)).toBeUndefined();
    expect(otherOwner({ STAGE: 'dev', service: 'payments' }, owner)).toBeUndefined();
  });
});

describe('the tag of a service', () => {
  const tagOf = (service: string): string => stackTags({ ...owner, service })['seedbed:service']!;
  /** What all services of AWS take as a tag's value; CodeBuild takes one character less than the others. */
  const isLegal = (value: string): boolean => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,255}$/u.test(value);
  const parts = fc.constantFrom(..."aü&()[],'#$%=+@-_/", '=26', '//', '🌱', 'services/', 'x'.repeat(100));
  const aPath = fc
    .array(parts, { minLength: 1, maxLength: 12 })
    .map((some) => some.join(''))
    .filter((path) => ServicePath.safeParse(path).success);

  it.each(['.', 'orders', 'services/orders-api', 'Größe/v2.1', 'a=26'])('is the path, if it is legal: %s', (path) => {
    expect(tagOf(path)).toBe(path);
  });

  it.each([
    ['a&b', '/a=26b'],
    ['services/(internal)/[id]', '/services/=28internal=29/=5Bid=5D'],
    ['a&b=c', '/a=26b=3Dc'],
  ])('writes %s in characters that are legal', (path, tag) => {
    expect(tagOf(path)).toBe(tag);
  });

  it('is legal for any path, different for any two, and its stack is known again', () => {
    fc.assert(
      fc.property(aPath, aPath, (one, other) => {
        const tags = stackTags({ ...owner, service: one });
        expect(isLegal(tagOf(one))).toBe(true);
        expect(isOwned(tags, { ...owner, service: other })).toBe(one === other);
        const found = otherOwner(tags, { ...owner, service: other });
        if (one === other) expect(found).toBeUndefined();
        else if (tagOf(one).startsWith('//')) expect(found!.service).toBe(tagOf(one));
        else expect(found!.service).toBe(one);
      }),
    );
  });

  it('tells long paths apart that differ only at their end', () => {
    const long = 'services/'.repeat(40);
    expect(tagOf(`${long}a`)).not.toBe(tagOf(`${long}b`));
    expect(isLegal(tagOf(`${long}a`))).toBe(true);
  });
});
