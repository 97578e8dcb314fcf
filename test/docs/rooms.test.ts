import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WORKER_GROUPS } from '../../lambdas/workers';
import { codeSpans, documents, ROOT } from './markdown';

interface Rule {
  readonly name: string;
  readonly to: { readonly pathNot?: string | readonly string[] };
}

const { forbidden } = require('../../.dependency-cruiser.cjs') as { readonly forbidden: readonly Rule[] };
const { text } = documents().find(({ path }) => path === 'docs/architecture.md')!;
const [, section] = /^## Rooms\n(.*?)^## /ms.exec(text)!;
const rows = [...section!.matchAll(/^\| (`.*?) \| .* \| (.*?) \|$/gm)].map(([, rooms, others]) => ({
  rooms: codeSpans(rooms!),
  others: codeSpans(others!),
}));

describe('the table of rooms in docs/architecture.md', () => {
  const held = forbidden.flatMap(({ name, to }) => {
    const [, room] = /^what (\S+) may import$/.exec(name) ?? [];
    const others = [to.pathNot ?? []].flat().flatMap((path) => /^\^(lib\/\w+)\/$/.exec(path)?.[1] ?? []);
    return room === undefined ? [] : [[room, others.filter((other) => other !== room).sort()] as const];
  });

  it.each(held)('says what %s may import as the linter holds it', (room, others) => {
    const row = rows.find(({ rooms }) => rooms.includes(room));
    expect([...(row?.others ?? [])].sort()).toEqual(others);
  });

  it('has every folder of source code', () => {
    const folders = readdirSync(join(ROOT, 'lib')).map((name) => `lib/${name}`);
    const there = rows.flatMap(({ rooms }) => rooms).filter((room) => room.startsWith('lib/'));
    expect(there.sort()).toEqual(folders.sort());
  });
});

it('docs/architecture.md says how many workers there are', () => {
  const workers = WORKER_GROUPS.flatMap((group) => Object.keys(group.workers));
  expect(text).toContain(`${workers.length} small Lambdas`);
});
