import { byProvider } from '../../../lib/aws/source/sources';
import { memorySource } from '../../../lib/memory/memory-source';

describe('byProvider', () => {
  const at = (commit: string) =>
    memorySource({ 'acme/shop': { branches: { main: commit }, commits: { [commit]: { 'seed.yml': commit } } } });
  const source = byProvider({ codecommit: at('of-codecommit'), github: at('of-github') });
  const name = 'acme/shop';

  it.each(['codecommit', 'github'] as const)('reads a repository of %s there', async (provider) => {
    const commit = `of-${provider}`;
    expect(await source.head({ provider, name }, { branch: 'main' })).toMatchObject({ commit });
    expect(await source.readFile({ provider, name }, commit, 'seed.yml')).toBe(commit);
  });
});
