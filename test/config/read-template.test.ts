import { readTemplate } from '../../lib/config/read-template';

const read = (text: string) => readTemplate({ name: 'template.yml', text });

/** @returns what a value under a property is read as. */
const readValue = (yaml: string) =>
  read(`Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties:\n      Value: ${yaml}\n`).Resources.A!.Properties!
    .Value;

describe('reading a template', () => {
  it('takes JSON', () => {
    const template = { Resources: { A: { Type: 'AWS::SQS::Queue' } } };
    expect(read(JSON.stringify(template))).toEqual(template);
  });

  it.each([
    ['!Ref Table', { Ref: 'Table' }],
    ['!GetAtt Fn.Arn', { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['!GetAtt Nested.Outputs.Arn', { 'Fn::GetAtt': ['Nested', 'Outputs.Arn'] }],
    ['!GetAtt [Fn, Arn]', { 'Fn::GetAtt': ['Fn', 'Arn'] }],
    ['!Sub "${Fn.Arn}:x"', { 'Fn::Sub': '${Fn.Arn}:x' }],
    ['!Sub ["${A}", { A: !GetAtt Fn.Arn }]', { 'Fn::Sub': ['${A}', { A: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] }],
    ['!Join ["", [a, !Ref Fn]]', { 'Fn::Join': ['', ['a', { Ref: 'Fn' }]] }],
    ['!If [Blue, !Ref A, !Ref AWS::NoValue]', { 'Fn::If': ['Blue', { Ref: 'A' }, { Ref: 'AWS::NoValue' }] }],
    [
      '!Select [0, !Split [":", !ImportValue other]]',
      { 'Fn::Select': [0, { 'Fn::Split': [':', { 'Fn::ImportValue': 'other' }] }] },
    ],
    ['!Transform { Name: AWS::Include }', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['!GetAZs ""', { 'Fn::GetAZs': '' }],
    ['{ "Fn::Sub": "${A}" }', { 'Fn::Sub': '${A}' }],
    ['2012-10-17', '2012-10-17'],
  ])('takes %s', (yaml, value) => {
    expect(readValue(yaml)).toEqual(value);
  });

  it('takes the short forms in conditions', () => {
    const text = `
Conditions:
  Prod: !And [!Equals [!Ref Stage, prod], !Not [!Condition Dev]]
Resources: { A: { Type: AWS::SQS::Queue, Condition: Prod } }`;
    expect(read(text).Conditions).toEqual({
      Prod: {
        'Fn::And': [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, { 'Fn::Not': [{ Condition: 'Dev' }] }],
      },
    });
  });

  it.each([
    ['', 'TemplateInvalid', 'template.yml: the template has no Resources object'],
    ['just text', 'TemplateInvalid', 'template.yml: the template has no Resources object'],
    ['Resources: []', 'TemplateInvalid', 'template.yml: the template has no Resources object'],
    ['Resources: { A: { Properties: {} } }', 'TemplateInvalid', 'template.yml: resource A of the template has no Type'],
    ['Resources:\n  A: {', 'ConfigInvalid', 'template.yml, line 2'],
    ['{"Resources": {"A": }', 'ConfigInvalid', 'template.yml, line 1'],
  ])('refuses %j', (text, code, message) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});
