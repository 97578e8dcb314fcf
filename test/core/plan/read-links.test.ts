import { readLinks } from '../../../lib/core/plan/read-links';

it('reads what links say, once where they say the same, and of a great many only the first', async () => {
  const read: string[] = [];
  const ids = new Map(Array.from({ length: 500 }, (_, index) => [`link-${index}`, `id-${Math.floor(index / 2)}`]));
  const links = await readLinks(ids, async (id) => `to ${read.push(id) && id}`);
  expect(read).toHaveLength(200);
  expect([links.size, links.get('link-399'), links.get('link-400')]).toEqual([500, 'to id-199', undefined]);
});
