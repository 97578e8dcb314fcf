import { outputVariables } from '../../../lib/core/build/output-variables';

describe('outputVariables', () => {
  it('names every output by its service and key', () => {
    const outputs = { 'services/api-v2': { ServiceEndpoint: 'https://api' }, '.': { Url: 'https://root' } };
    expect(outputVariables({ outputs })).toEqual({
      variables: { SEED_OUTPUT_SERVICES_API_V2_SERVICEENDPOINT: 'https://api', SEED_OUTPUT_ROOT_URL: 'https://root' },
      warnings: [],
    });
  });

  it('gives a name that two outputs share to the first by order, and says so', () => {
    const outputs = { a_b: { Url: 'second' }, 'a-b': { Url: 'first', URL: 'still before' } };
    const { variables, warnings } = outputVariables({ outputs });
    expect(variables).toEqual({ SEED_OUTPUT_A_B_URL: 'still before' });
    expect(warnings).toEqual([
      'SEED_OUTPUT_A_B_URL is output URL of service "a-b"; output Url of service "a-b" is only in the file that ' +
        'SEED_OUTPUTS names',
      'SEED_OUTPUT_A_B_URL is output URL of service "a-b"; output Url of service "a_b" is only in the file that ' +
        'SEED_OUTPUTS names',
    ]);
  });

  it('leaves to the file what is too much for an environment, and says so', () => {
    const outputs = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [`service-${index}`, { Url: 'x'.repeat(100) }]),
    );
    const { variables, warnings } = outputVariables({ outputs });
    const characters = Object.entries(variables).flat().join('').length;
    expect(characters).toBeLessThanOrEqual(200_000);
    expect(characters).toBeGreaterThan(190_000);
    const left = 3_000 - Object.keys(variables).length;
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(new RegExp(`^${left} outputs are only in the file that SEED_OUTPUTS names`));
    expect(warnings[0]).toMatch(/: output Url of service "service-\d+", .* more$/);
  });

  it('leaves out what is long, and not what comes late in the alphabet', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => [`service-${index}`, { Url: 'x'.repeat(100) }] as const);
    const outputs = { ...Object.fromEntries(many), aa: { Long: 'é'.repeat(40_000) }, zz: { Url: 'https://zz' } };
    const { variables, warnings } = outputVariables({ outputs });
    expect(variables).toMatchObject({ SEED_OUTPUT_ZZ_URL: 'https://zz' });
    expect(Object.keys(variables)).toHaveLength(1_001);
    expect(warnings).toEqual([expect.stringMatching(/^1 output is only in the file .*: output Long of service "aa"$/)]);
  });

  it('tells some of many collisions', () => {
    const outputs = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`a${'-'.repeat(index + 1)}`, { U: '' }]),
    );
    const same = {
      ...outputs,
      ...Object.fromEntries(Object.keys(outputs).map((path) => [path.replaceAll('-', '.'), { U: '' }])),
    };
    const { warnings } = outputVariables({ outputs: same });
    expect(warnings).toHaveLength(11);
    expect(warnings.at(-1)).toMatch(/^and 4 more outputs are only in that file/);
  });
});
