import { checkIsAsWanted } from '../../../../lib/cli/commands/local/local-up';

const up = { name: 'race', endpoint: 'http://127.0.0.1:4600', region: 'us-east-1', speed: 60, quotas: {} };
const stop = 'stop it first with: npx seedbed local down --name race';

it('takes a local cloud that is up as it is where nothing else is asked for', () => {
  expect(() => checkIsAsWanted(up, {})).not.toThrow();
  expect(() => checkIsAsWanted(up, { port: 4600, region: 'us-east-1', speed: 60, quotas: {} })).not.toThrow();
});

it.each([
  [{ port: 4601 }, 'at http://127.0.0.1:4600'],
  [{ region: 'eu-west-1' }, 'in region us-east-1'],
  [{ speed: 1 }, 'at speed 60'],
  [{ quotas: { account: 'new' as const } }, 'with other quotas'],
])('refuses one that is up where %j is asked for', (wanted, how) => {
  expect(() => checkIsAsWanted(up, wanted)).toThrow(`the local cloud "race" is up ${how}: ${stop}`);
});
