import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { applyEdit, applyEdits, DEMO_ACTS } from '../../lib/cli/demo-acts';
import { findServices } from '../../lib/core/find-services';
import { planServices } from '../../lib/core/plan';
import type { ServiceState } from '../../lib/core/state';

const SHOP = join(__dirname, '../../examples/shop');
const RELEASE = '01JZZZZZZZZZZZZZZZZZZZZZZZ';
const PUSHES = DEMO_ACTS.flatMap((act) => act.pushes.map((push) => ({ act: act.name, ...push })));

/** The shop's files after the given number of pushes. */
function shopAfter(pushes: number): (file: string) => string {
  const changed = new Map<string, string>();
  const read = (file: string) => changed.get(file) ?? readFileSync(join(SHOP, file), 'utf8');
  for (const { edits } of PUSHES.slice(0, pushes)) {
    for (const [file, text] of applyEdits(read, edits)) changed.set(file, text);
  }
  return read;
}

const filesOfShop = (): string[] =>
  readdirSync(SHOP, { recursive: true, encoding: 'utf8' }).filter((file) => !file.includes('node_modules'));

describe('the acts of the demo', () => {
  it.each(PUSHES.map((push, index) => ({ ...push, index })))(
    '"$message" changes the shop as it then stands',
    ({ edits, index }) => {
      const read = shopAfter(index);
      const changed = applyEdits(read, edits);
      expect([...changed.keys()].sort()).toEqual([...new Set(edits.map(({ file }) => file))].sort());
      for (const [file, text] of changed) expect(text).not.toBe(read(file));
    },
  );

  it('expect exactly the services that the plan picks', () => {
    const services = findServices(filesOfShop());
    let states: ServiceState[] = [];
    for (const [index, push] of PUSHES.entries()) {
      const changes = new Map(
        [...PUSHES.keys()].map((base) => [
          commit(base),
          PUSHES.slice(base + 1, index + 1).flatMap(({ edits }) => edits.map(({ file }) => file)),
        ]),
      );
      const plan = planServices({ services, states, changes, force: false, checkCodeChange: true });
      const picked = plan.phases.flat().map(({ path }) => path);
      expect({ act: push.act, services: picked.sort() }).toEqual({
        act: push.act,
        services: push.services.map(({ service }) => service).sort(),
      });

      const status = push.outcome === 'succeeded' ? 'deployed' : 'failed';
      const before = new Map(states.map((state) => [state.path, state]));
      states = services.map((path) => {
        const last = before.get(path);
        if (last && !picked.includes(path)) return last;
        return { path, status, releaseId: RELEASE, commit: status === 'deployed' ? commit(index) : last?.commit };
      });
    }
  });

  it('name functions that their service has', () => {
    for (const { service, functions } of PUSHES.flatMap((push) => push.services)) {
      const config = parse(readFileSync(join(SHOP, service, 'serverless.yml'), 'utf8'), { logLevel: 'silent' });
      const logicalIds = Object.keys(config.functions).map((name) => `${capitalised(name)}LambdaFunction`);
      expect(logicalIds).toEqual(expect.arrayContaining([...functions]));
    }
  });

  it('mend in the last push the template that the one before broke', () => {
    const template = 'services/catalog/serverless.yml';
    const [whole, broken, mended] = [-2, -1, 0].map((back) => shopAfter(PUSHES.length + back)(template));
    expect(broken).toContain('!ImportValue');
    expect(mended).toBe(whole);
  });
});

describe('applyEdit', () => {
  const edit = { file: 'libs/ids.ts', find: 'b', replace: 'B' };

  it('replaces the text where it stands', () => {
    expect(applyEdit('abc', edit)).toBe('aBc');
  });

  it('takes the replacement as it is', () => {
    expect(applyEdit('abc', { ...edit, replace: "$& $' $1" })).toBe("a$& $' $1c");
  });

  it('refuses a text that is not there', () => {
    expect(() => applyEdit('ac', edit)).toThrow(/examples\/shop\/libs\/ids\.ts: not found.*"b"/);
  });

  it('refuses a text that stands there twice', () => {
    expect(() => applyEdit('abcb', edit)).toThrow(/found 2 times/);
  });
});

describe('applyEdits', () => {
  it('makes the edits of one file one after the other', () => {
    const edits = [
      { file: 'a', find: 'one', replace: 'two' },
      { file: 'a', find: 'two', replace: 'three' },
    ];
    expect(applyEdits(() => 'one', edits)).toEqual(new Map([['a', 'three']]));
  });
});

const commit = (index: number): string => String(index).padStart(40, '0');
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
