import { outputVariables } from '../../../lib/core/build/output-variables';

describe('outputVariables', () => {
  it('names every output by its service and key', () => {
    const outputs = { 'services/api-v2': { ServiceEndpoint: 'https://api' }, '.': { Url: 'https://root' } };
    expect(outputVariables({ outputs })).toEqual({
      variables: { SEED_OUTPUT_SERVICES_API_V2_SERVICEENDPOINT: 'https://api', SEED_OUTPUT_ROOT_URL: 'https://root' },
      collisions: [],
    });
  });

  it('gives a name that two outputs share to the first by order, and says so', () => {
    const outputs = { a_b: { Url: 'second' }, 'a-b': { Url: 'first', URL: 'still before' } };
    const { variables, collisions } = outputVariables({ outputs });
    expect(variables).toEqual({ SEED_OUTPUT_A_B_URL: 'still before' });
    expect(collisions).toEqual([
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
    const { variables, collisions } = outputVariables({ outputs });
    const characters = Object.entries(variables).flat().join('').length;
    expect(characters).toBeLessThanOrEqual(200_000);
    expect(characters).toBeGreaterThan(190_000);
    const left = 3_000 - Object.keys(variables).length;
    expect(collisions).toEqual([
      `${left} outputs are only in the file that SEED_OUTPUTS names: too many for variables`,
    ]);
  });
});
