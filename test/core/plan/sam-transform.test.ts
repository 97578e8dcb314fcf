import { hasSamTransform } from '../../../lib/core/plan/sam-transform';

const SAM = 'AWS::Serverless-2016-10-31';

describe('telling templates of SAM from others', () => {
  it.each([
    `Transform: ${SAM}`,
    `AWSTemplateFormatVersion: '2010-09-09'\r\nTransform: '${SAM}' # SAM\r\nResources: {}`,
    `"Transform": "${SAM}"\nResources: {}`,
    `Transform:\n  - AWS::LanguageExtensions\n  - ${SAM}\nResources: {}`,
    `Transform:\n- ${SAM}\nResources: {}`,
    `Transform : ${SAM}`,
    JSON.stringify({ Transform: SAM, Resources: {} }),
    JSON.stringify({ Transform: ['AWS::LanguageExtensions', SAM] }),
    `{ "Transform": "${SAM}", broken`,
    `Transform: ${SAM}\nResources: [broken`,
  ])('knows %j', (text) => {
    expect(hasSamTransform(text)).toBe(true);
  });

  it.each([
    '',
    'Resources: {}',
    'Transform: AWS::LanguageExtensions\nResources: {}',
    `# Transform: ${SAM}\nResources: {}`,
    `Transform: Other # no ${SAM}\nResources: {}`,
    `Transform: Other\nDescription: ${SAM}`,
    `Resources:\n  A:\n    Transform: ${SAM}`,
    JSON.stringify({ Resources: { A: { Transform: SAM } } }),
    JSON.stringify({ Description: SAM }),
    JSON.stringify([SAM]),
  ])('leaves %j to others', (text) => {
    expect(hasSamTransform(text)).toBe(false);
  });
});
