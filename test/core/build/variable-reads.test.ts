import { variableReads } from '../../../lib/core/build/variable-reads';

const reads = (text: string) => variableReads(text).map(({ address, as }) => `${address} ${as}`);

describe('variableReads', () => {
  it.each([
    ['no variables', []],
    ['arn:${self:provider.region}:${self:provider.stage}', ['provider.region value', 'provider.stage value']],
    ['${ self:provider.region }', ['provider.region value']],
    ["${self:provider.stage, 'dev'}", ['provider.stage value']],
    ['${opt:stage, self:provider.stage}', ['provider.stage dead']],
    ["${opt:region, 'eu-west-1'}", []],
    ['${env:STAGE, self:provider.stage}', ['provider.stage fallback']],
    ['${file(config.${self:provider.stage}.yml):key}', ['provider.stage part']],
    ['${self:custom.${opt:stage, self:provider.stage}.name}', ['provider.stage dead']],
    ['${opt:stage, ${self:provider.stage}}', ['provider.stage dead']],
    ['${env:A, ${self:provider.stage}}', ['provider.stage part']],
    ['${file(a.yml, self:b):c}', []],
    ["${opt:name, 'self:provider.stage, x'}", []],
    ['\\${self:provider.stage}', []],
    ['${AWS::Region} ${self:a.b', ['a.b value']],
  ])('of %s finds %j', (text, expected) => {
    expect(reads(text)).toEqual(expected);
  });
});
