import { forbiddenIn, forbiddenReads } from '../../../lib/core/build/forbidden-reads';

describe('what builds of an app never read', () => {
  const forbidden = forbiddenReads('blog-admin', { apps: ['blog', 'blog-admin'], secrets: ['acme/hook'] });

  it.each(['secretsmanager:blog', 'secretsmanager:blog-*', 'secretsmanager:blog-a*', 'ssm:blog', 'ssm:/blog*'])(
    'covers what bears the name of an app that theirs begins with: %s',
    (read) => {
      expect(forbiddenIn(read, forbidden)).toMatchObject({ owner: 'app "blog"' });
    },
  );

  it.each(['secretsmanager:blog-admin', 'secretsmanager:blog-admin*', 'ssm:/blog-admin', 'ssm:/blog-*'])(
    'leaves what bears its own: %s',
    (read) => {
      expect(forbiddenIn(read, forbidden)).toBeUndefined();
    },
  );

  it('covers a secret by the characters that Secrets Manager adds to its name, and by no more', () => {
    expect(forbiddenIn('secretsmanager:acme/hook-aB3dE6*', forbidden)).toMatchObject({ name: 'acme/hook' });
    expect(forbiddenIn('secretsmanager:acme/hook-aB3dE67*', forbidden)).toBeUndefined();
    expect(forbiddenIn('secretsmanager:acme/hook-a/b*', forbidden)).toBeUndefined();
  });
});
