import * as z from 'zod';
import { checkWritten } from '../../../lib/core/text/check-written';

describe('a key that the schema would overlook', () => {
  const schema = z.strictObject({ apps: z.record(z.string(), z.array(z.record(z.string(), z.number()))) });
  const check = (text: string, place: readonly string[] = []) => checkWritten(schema, JSON.parse(text), { place });

  it('is refused wherever it stands', () => {
    expect(check('{ "apps": { "shop": [{}, { "__proto__": 1 }], "__proto__": [] } }', ['custom'])).toEqual({
      problems: ['custom.apps.shop[1].__proto__', 'custom.apps.__proto__'].map((key) => ({
        place: expect.arrayContaining(['custom', 'apps', '__proto__']),
        message: `"${key}" is a name that nothing may have; remove it, or choose another`,
      })),
    });
  });

  it('is nothing that every object has', () => {
    expect(check('{ "apps": { "shop": [{ "constructor": 1 }] } }').problems).toEqual([]);
  });

  it('is looked for once in what aliases repeat', () => {
    const shared = JSON.parse('{ "__proto__": 1 }');
    const value = { apps: Object.fromEntries(['a', 'b'].map((name) => [name, [shared]])) };
    expect(checkWritten(schema, value).problems).toHaveLength(1);
  });
});
