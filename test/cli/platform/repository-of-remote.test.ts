import { repositoriesOfRemotes, repositoryOfRemote } from '../../../lib/cli/platform/repository-of-remote';

describe('repositoryOfRemote', () => {
  it.each([
    ['https://github.com/acme/shop.git', 'github', 'acme/shop'],
    ['https://github.com/acme/shop', 'github', 'acme/shop'],
    ['https://x-access-token:t@github.example.com/acme/my.shop.git/', 'github', 'acme/my.shop'],
    ['git@github.com:acme/shop.git', 'github', 'acme/shop'],
    ['ssh://git@github.example.com:2222/acme/shop.git', 'github', 'acme/shop'],
    ['https://git-codecommit.eu-central-1.amazonaws.com/v1/repos/shop', 'codecommit', 'shop'],
    ['ssh://git-codecommit.eu-central-1.amazonaws.com/v1/repos/shop', 'codecommit', 'shop'],
    ['codecommit::eu-central-1://shop', 'codecommit', 'shop'],
    ['codecommit://profile@shop', 'codecommit', 'shop'],
    ['http://127.0.0.1:4566/v1/repos/shop', 'codecommit', 'shop'],
  ])('reads %s', (url, provider, name) => {
    expect(repositoryOfRemote(url)).toEqual({ provider, name });
  });

  it.each(['/srv/git/shop.git', '../shop', 'file:///srv/shop', ''])('makes nothing of "%s"', (url) => {
    expect(repositoryOfRemote(url)).toBeUndefined();
  });
});

it('repositoriesOfRemotes begins with origin', () => {
  const output = 'fork\tgit@github.com:me/shop.git (fetch)\norigin\tgit@github.com:acme/shop.git (fetch)\n';
  expect(repositoriesOfRemotes(output).map(({ name }) => name)).toEqual(['acme/shop', 'me/shop']);
});
