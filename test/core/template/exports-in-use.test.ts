import { changedExports, withExportsOf } from '../../../lib/core/template/exports-in-use';
import type { Json } from '../../../lib/core/text/canonical-json';
import { aFunction, aResource, aTemplate } from './build-template';

const version = aResource('AWS::Lambda::Version', { FunctionName: { Ref: 'Fn' } }, { DeletionPolicy: 'Retain' });
const output = (Value: Json, Name = 'sls-fn-arn') => ({ Value, Export: { Name } });
const current = aTemplate(
  { Fn: aFunction(), FnV1: version },
  { Outputs: { Arn: output({ Ref: 'FnV1' }), Bucket: output('b', 'bucket') } },
);
const next = (outputs: Record<string, Json>) =>
  aTemplate({ Fn: aFunction(), FnAliasLive: aResource('AWS::Lambda::Alias', {}) }, { Outputs: outputs });
const ALIAS = { Arn: output({ Ref: 'FnAliasLive' }), Bucket: output('c', 'bucket') };

describe('an export of a version', () => {
  it('is one that changes if it becomes the ARN of the alias', () => {
    expect(changedExports(next(ALIAS), current)).toEqual(['sls-fn-arn']);
  });

  it('is none that changes if it stays, goes, or is exported by another name', () => {
    expect(changedExports(current, current)).toEqual([]);
    expect(changedExports(next({}), current)).toEqual([]);
    expect(changedExports(next({ Arn: output({ Ref: 'FnAliasLive' }, 'new') }), current)).toEqual([]);
  });

  it('keeps its value, and the version, while another stack imports it', () => {
    const kept = withExportsOf(next(ALIAS), { current, names: new Set(['sls-fn-arn']) });
    expect(kept.Outputs).toEqual({ Arn: output({ Ref: 'FnV1' }), Bucket: output('c', 'bucket') });
    expect(kept.Resources.FnV1).toEqual(version);
    expect(Object.keys(kept.Resources)).toEqual(['Fn', 'FnAliasLive', 'FnV1']);
  });

  it('has the new value if nobody imports it', () => {
    expect(withExportsOf(next(ALIAS), { current, names: new Set() })).toEqual(next(ALIAS));
  });
});
