import { refuseUnknownServices, sharedSettings } from '../../../lib/core/shift/shared-settings';
import { AppSettings } from '../../../lib/core/shift/written-settings';

const settingsOf = (shift: unknown) => sharedSettings(AppSettings.parse(shift), 'seed.yml');

describe('the settings of single services in seed.yml', () => {
  const services = ['services/api', 'services/web'];

  it('are for services of the repository', () => {
    const written = { unit: 'function', services: { 'services/api': {}, './services/web/': { alias: 'live' } } };
    expect(() => refuseUnknownServices(settingsOf(written), services)).not.toThrow();
  });

  it.each([
    ['services/ap', 'did you mean "services/api"?'],
    ['orders', 'use one of: services/api, services/web'],
  ])('are refused for "%s", which is none: before anything is built', (path, hint) => {
    expect(() => refuseUnknownServices(settingsOf({ services: { [path]: {} } }), services)).toThrow(
      `seed.yml: "shift.services": "${path}" is not a service of the repository; ${hint}`,
    );
  });
});
