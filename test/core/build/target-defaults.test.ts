import { overriddenDefaults, textsOf } from '../../../lib/core/build/target-defaults';
import { keyText } from '../../../lib/core/text/place';

const TARGET = { region: 'us-east-1', stage: 'dev' };

/** What is found in a configuration, as `key of place: readers`. @param resolved what differs once it is resolved */
function find(config: Readonly<Record<string, object>>, resolved: object = {}): readonly string[] {
  const provider = config.provider as { readonly region?: string; readonly stage?: string };
  const literal = (value?: string) => (value?.includes('${') ? undefined : value);
  const written = { region: literal(provider.region), stage: literal(provider.stage) };
  const found = overriddenDefaults({ texts: textsOf(config), written, resolved: { ...config, ...resolved } }, TARGET);
  return found.map(({ place, value, readers }) => `${keyText(place)} ${value}: ${readers.map(keyText).join(' ')}`);
}

describe('overriddenDefaults', () => {
  it('finds what reads a region or stage that the target overrides', () => {
    const environment = { QUEUE: 'arn:${self:provider.region}:jobs-${self:provider.stage}' };
    expect(find({ provider: { region: 'eu-west-1', stage: 'prod', environment } })).toEqual([
      'provider.region eu-west-1: provider.environment.QUEUE',
      'provider.stage prod: provider.environment.QUEUE',
    ]);
  });

  it('finds nothing where the configuration has what the target has, or nothing reads it', () => {
    const environment = { QUEUE: '${self:provider.region}' };
    expect(find({ provider: { region: 'us-east-1', stage: 'prod', environment } })).toEqual([]);
    expect(find({ provider: { stage: 'dev', environment } })).toEqual([]);
  });

  it('finds nothing where an option counts before it', () => {
    const custom = { stage: '${opt:stage, self:provider.stage}', region: '${aws:region, self:provider.region}' };
    expect(find({ provider: { region: 'eu-west-1', stage: 'prod' }, custom })).toEqual([]);
  });

  it('finds a fallback only where it was taken', () => {
    const provider = { stage: 'prod' };
    const custom = { name: '${env:STAGE, self:provider.stage}' };
    expect(find({ provider, custom }, { custom: { name: 'qa' } })).toEqual([]);
    expect(find({ provider, custom }, { custom: { name: 'prod' } })).toEqual(['provider.stage prod: custom.name']);
  });

  it('finds what helps to choose a value or a file', () => {
    const custom = { table: '${self:custom.tables.${self:provider.stage}}' };
    expect(find({ provider: { stage: 'prod' }, custom })).toEqual(['provider.stage prod: custom.table']);
  });

  it('finds what reads the place that the default is taken from, over several steps', () => {
    const custom = { region: '${self:custom.home}', home: 'eu-west-1' };
    const provider = { region: '${opt:region, self:custom.region}', environment: { A: '${self:custom.home}' } };
    const found = find({ provider, custom }, { custom: { region: 'eu-west-1', home: 'eu-west-1' } });
    expect(found).toEqual(['custom.home eu-west-1: provider.environment.A']);
  });

  it('finds a reader in a list', () => {
    const resources = { Outputs: ['${self:provider.region}'] };
    expect(find({ provider: { region: 'eu-west-1' }, resources })).toEqual([
      'provider.region eu-west-1: resources.Outputs[0]',
    ]);
  });
});
