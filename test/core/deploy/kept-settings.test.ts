import { keptParameters, keptTags } from '../../../lib/core/deploy/kept-settings';
import { aTemplate } from '../template/build-template';

describe('keptTags', () => {
  it('keeps what others gave a stack, but for what only AWS gives', () => {
    expect(
      keptTags({ team: 'pay', 'aws:servicecatalog:x': 'y', 'seedbed:app': 'old' }, { 'seedbed:app': 'shop' }),
    ).toEqual({
      team: 'pay',
      'seedbed:app': 'shop',
    });
    expect(keptTags(undefined, { 'seedbed:app': 'shop' })).toEqual({ 'seedbed:app': 'shop' });
  });
});

describe('keptParameters', () => {
  const template = (Parameters: object) => aTemplate({}, { Parameters: Parameters as never });
  const kept = (values: Record<string, string>, current: object | undefined, next: object) =>
    keptParameters(values, { current: current && template(current), next: template(next) });

  it('keeps what a stack was given', () => {
    expect(
      kept(
        { Vpc: 'vpc-1' },
        { Vpc: { Type: 'String', Default: 'none' } },
        { Vpc: { Type: 'String', Default: 'none' } },
      ),
    ).toEqual(['Vpc']);
    expect(kept({ Secret: '****' }, { Secret: { NoEcho: true } }, { Secret: { NoEcho: true } })).toEqual(['Secret']);
  });

  it('lets a default that was never overridden follow the next template', () => {
    expect(
      kept({ Size: '1' }, { Size: { Type: 'Number', Default: 1 } }, { Size: { Type: 'Number', Default: 2 } }),
    ).toEqual([]);
  });

  it('keeps a value whose default is gone, and all where the template cannot be read', () => {
    expect(kept({ Size: '1' }, { Size: { Default: 1 } }, { Size: { Type: 'Number' } })).toEqual(['Size']);
    expect(kept({ Size: '1' }, undefined, { Size: { Default: 1 } })).toEqual(['Size']);
  });

  it('knows nothing of what the next template does not have', () => {
    expect(kept({ Gone: '1' }, { Gone: {} }, {})).toEqual([]);
    expect(keptParameters(undefined, { current: undefined, next: template({}) })).toEqual([]);
  });
});
