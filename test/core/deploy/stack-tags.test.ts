import { otherOwner, stackTags } from '../../../lib/core/deploy/stack-tags';

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
