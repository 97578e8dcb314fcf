import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEMO_ACTS } from '../../../lib/cli/demo/demo-acts';
import { applyEdits } from '../../../lib/cli/demo/demo-edits';
import { PULL_REQUEST_ACT } from '../../../lib/cli/demo/demo-pull-request';
import type { ServiceState } from '../../../lib/core/contracts/state';
import { findServices } from '../../../lib/core/plan/find-services';
import { planServices } from '../../../lib/core/plan/plan';

const SHOP = join(__dirname, '../../../examples/shop');
const RELEASE = '01JZZZZZZZZZZZZZZZZZZZZZZZ';
const PUSHES = DEMO_ACTS.flatMap((act) => act.pushes.map((push) => ({ act: act.name, stage: act.stage, ...push })));

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
    const statesOf = new Map<string, ServiceState[]>();
    for (const [index, push] of PUSHES.entries()) {
      const changes = new Map(
        [...PUSHES.keys()].map((base) => [
          commit(base),
          PUSHES.slice(base + 1, index + 1).flatMap(({ edits }) => edits.map(({ file }) => file)),
        ]),
      );
      const states = statesOf.get(push.stage) ?? [];
      const plan = planServices({ services, states, changes, force: false, checkCodeChange: true });
      const picked = plan.phases.flat().map(({ path }) => path);
      expect({ act: push.act, services: picked.sort() }).toEqual({
        act: push.act,
        services: push.services.map(({ service }) => service).sort(),
      });

      const status = push.outcome === 'succeeded' ? 'deployed' : 'failed';
      const before = new Map(states.map((state) => [state.path, state]));
      const after = services.map((path): ServiceState => {
        const last = before.get(path);
        if (last && !picked.includes(path)) return last;
        return { path, status, releaseId: RELEASE, commit: status === 'deployed' ? commit(index) : last?.commit };
      });
      statesOf.set(push.stage, after);
    }
  });

  it('name functions that their service has', () => {
    for (const { service, functions } of PUSHES.flatMap((push) => push.services)) {
      const config = parse(readFileSync(join(SHOP, service, 'serverless.yml'), 'utf8'), { logLevel: 'silent' });
      const logicalIds = Object.keys(config.functions).map((name) => `${capitalised(name)}LambdaFunction`);
      expect(logicalIds).toEqual(expect.arrayContaining([...functions]));
    }
  });

  it('mend the template that the push before broke', () => {
    const template = 'services/catalog/serverless.yml';
    const last = PUSHES.findLastIndex(({ act }) => act === 'broken template');
    const [whole, broken, mended] = [-1, 0, 1].map((more) => shopAfter(last + more)(template));
    expect(broken).toContain('!ImportValue');
    expect(mended).toBe(whole);
  });

  it('tell the versions of a load apart by texts that the shop has before and after the push', () => {
    for (const [index, { load }] of PUSHES.entries()) {
      if (!load) continue;
      const word = (text: string) => text.replace(/^.*"headline":"/, '').replace(/"$/, '');
      const list = 'services/catalog/src/list.ts';
      expect(shopAfter(index)(list)).toContain(word(load.oldText));
      expect(shopAfter(index + 1)(list)).toContain(word(load.newText));
      expect(shopAfter(index + 1)(list)).not.toContain(word(load.oldText));
    }
  });

  it('leave the shop as the pull request changes it', () => {
    const begins = PUSHES.findLastIndex(({ stage }) => stage === 'dev') + 1;
    const first = applyEdits(shopAfter(begins), PULL_REQUEST_ACT.opened.edits);
    const second = applyEdits((file) => first.get(file)!, PULL_REQUEST_ACT.changed.edits);
    for (const [texts, { questions }] of [
      [first, PULL_REQUEST_ACT.opened],
      [second, PULL_REQUEST_ACT.changed],
    ] as const) {
      const headline = questions[0].expect.replace(/^.*"headline":"/, '').replace(/"$/, '');
      expect(texts.get('services/catalog/src/list.ts')).toContain(headline);
    }
  });

  it('ask for what must serve in the end', () => {
    for (const { load, questions } of PUSHES) {
      if (load) expect(questions[0]!.expect).toBe(load.ends === 'new' ? load.newText : load.oldText);
    }
  });
});

const commit = (index: number): string => String(index).padStart(40, '0');
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
