import { tellCompose } from '../../../lib/core/build/compose-words';

const compose = {
  services: {
    api: { path: './services/api/', dependsOn: ['auth'], params: { table: '${auth.Table}' } },
    auth: { path: 'services/auth' },
    web: { path: '.', config: 'other.yml' },
    broken: 7,
  },
};
const tell = (service: string, value: unknown = compose) => tellCompose('serverless-compose.yml', value, service);

describe('what a compose file says of a service', () => {
  it('is told with what to write instead', () => {
    expect(tell('services/api')).toEqual([
      'serverless-compose.yml: "services.api.dependsOn" is not read; write the order in seed.yml, key "deploy_after" or "phases"',
      'serverless-compose.yml: "services.api.params" is not read; write them under "params" in serverless.yml, or give the ' +
        'stage variables with "seedbed env set"',
    ]);
    expect(tell('.')).toEqual([expect.stringContaining('"services.web.config" is not read')]);
  });

  it('is nothing where it says no more than the path, or nothing of the service, or is something else', () => {
    expect(tell('services/auth')).toEqual([]);
    expect(tell('services/other')).toEqual([]);
    for (const value of [null, 'text', { services: [] }, { services: null }]) expect(tell('.', value)).toEqual([]);
  });
});
