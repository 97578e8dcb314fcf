import { firstFailure, operationEnd } from '../../lib/core/deploy/stack-status';
import type { Template } from '../../lib/core/template/template';
import type { StackRequest, Stacks } from '../../lib/ports/stacks';
import type { ContractTemplate } from './stacks-templates';

/** What a suite needs besides the port, made anew for each test. */
export interface StacksUnderTest {
  readonly stacks: Stacks;
  /** Name of a stack that is not there. */
  readonly name: string;
  readonly executionRoleArn: string;
  /**
   * Keys of templates: one function `Hello`; the same with another description of it; the same
   * function by another name; with a topic `Added`; one that fails at `Broken`; one
   * that CloudFormation refuses for its `Taken`; one that imports what the others export.
   */
  readonly templates: Readonly<Record<ContractTemplate, string>>;
  /** What those templates say. */
  readonly bodies: Readonly<Record<ContractTemplate, Template>>;
}

/** What every adapter of the port Stacks does alike. */
export function stacksContract(make: () => Promise<StacksUnderTest>): void {
  const request = (subject: StacksUnderTest, template: string, token: string): StackRequest => ({
    name: subject.name,
    template,
    executionRoleArn: subject.executionRoleArn,
    tags: { 'seedbed:app': 'shop' },
    token,
  });
  /** Waits for the end of an operation. */
  const end = async ({ stacks, name }: StacksUnderTest, token: string) => {
    for (;;) {
      const events = await stacks.events(name, token);
      const last = events?.findLast(({ ofStack, status }) => ofStack && operationEnd(status));
      if (!events || last) return events ?? [];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const created = async () => {
    const subject = await make();
    await subject.stacks.create(request(subject, subject.templates.first, 'token-create'));
    await end(subject, 'token-create');
    return subject;
  };

  it('knows nothing of a stack that is not there', async () => {
    const { stacks, name } = await make();
    expect(await stacks.describe(name)).toBeUndefined();
    expect(await stacks.events(name, 'token')).toBeUndefined();
    expect(await stacks.template(name)).toBeUndefined();
    expect(await stacks.physicalIds(name)).toEqual({});
    expect(await stacks.resources(name)).toEqual([]);
  });

  it('tells of no stack that it is at work when its operation has ended', async () => {
    const { stacks, name } = await created();
    expect([...(await stacks.inProgress())]).not.toContain(name);
  });

  it('creates a stack with its tags and outputs and names its functions', async () => {
    const { stacks, name } = await created();
    const stack = await stacks.describe(name);
    expect(stack).toMatchObject({ status: 'CREATE_COMPLETE', tags: { 'seedbed:app': 'shop' } });
    expect(await stacks.functionNames(name)).toEqual({ Hello: `${name}-hello` });
    expect(await stacks.physicalIds(name)).toMatchObject({ Hello: `${name}-hello` });
    const hello = { logicalId: 'Hello', type: 'AWS::Lambda::Function', physicalId: `${name}-hello` };
    expect(await stacks.resources(name)).toContainEqual(expect.objectContaining(hello));
    expect(stack!.outputs).toEqual({ HelloName: `${name}-hello` });
  });

  it('tells the events of an operation in order, from the first to the end of the stack', async () => {
    const subject = await created();
    const events = (await subject.stacks.events(subject.name, 'token-create'))!;
    expect(events[0]).toMatchObject({ ofStack: true, status: 'CREATE_IN_PROGRESS' });
    expect(events.at(-1)).toMatchObject({ ofStack: true, status: 'CREATE_COMPLETE' });
    expect(events).toContainEqual(
      expect.objectContaining({ logicalId: 'Hello', type: 'AWS::Lambda::Function', status: 'CREATE_COMPLETE' }),
    );
  });

  it('goes on behind the event that was seen last', async () => {
    const { stacks, name } = await created();
    const events = (await stacks.events(name, 'token-create'))!;
    expect(await stacks.events(name, 'token-create', events[1]!.id)).toEqual(events.slice(2));
    expect(await stacks.events(name, 'token-create', events.at(-1)!.id)).toEqual([]);
  });

  it('names who imports an export, as long as somebody does', async () => {
    const subject = await created();
    const { stacks, name, templates, executionRoleArn } = subject;
    const importer = { ...subject, name: `${name}-importer` };
    const [exported] = (await stacks.describe(name))!.exports;
    expect(exported).toBe(`${name}-hello-name`);
    expect(await stacks.importers(exported!)).toEqual([]);
    await stacks.create(request(importer, templates.importing, 'token-import'));
    await end(importer, 'token-import');
    expect(await stacks.importers(exported!)).toEqual([importer.name]);
    await stacks.delete(importer.name, { executionRoleArn, token: 'token-delete' });
    await end(importer, 'token-delete');
    expect(await stacks.importers(exported!)).toEqual([]);
  });

  it('does not create a stack over another', async () => {
    const subject = await created();
    expect(await subject.stacks.create(request(subject, subject.templates.second, 'token-other'))).toBe('exists');
  });

  it('updates a stack, and tells when there is nothing to update', async () => {
    const subject = await created();
    const { stacks, name, templates } = subject;
    expect(await stacks.update(request(subject, templates.second, 'token-update'))).toBe('started');
    const events = await end(subject, 'token-update');
    expect(events[0]).toMatchObject({ ofStack: true, status: 'UPDATE_IN_PROGRESS' });
    expect((await stacks.describe(name))!.status).toMatch(/^UPDATE_COMPLETE/);
    expect(await stacks.update(request(subject, templates.second, 'token-again'))).toBe('unchanged');
  });

  describe('asked what an update would do', () => {
    const ask = async (subject: StacksUnderTest, template: string, token: string) => {
      const { stacks } = subject;
      const asked = request(subject, template, token);
      await stacks.foresee(asked);
      await stacks.foresee(asked);
      for (;;) {
        const found = await stacks.foreseen(asked);
        if (found.status === 'pending') continue;
        await stacks.forgetForeseen(asked);
        return found;
      }
    };
    const hello = ({ name }: StacksUnderTest) => ({
      logicalId: 'Hello',
      type: 'AWS::Lambda::Function',
      physicalId: `${name}-hello`,
    });

    it('tells what changes in place, what is replaced, and nothing of what is added; and does nothing', async () => {
      const subject = await created();
      const { stacks, name, templates, bodies } = subject;
      expect(await ask(subject, templates.second, 'token-in-place')).toEqual({
        status: 'foreseen',
        changes: [{ ...hello(subject), removed: false, replaced: 'no' }],
        isUnchanged: false,
      });
      expect(await ask(subject, templates.renamed, 'token-replaced')).toEqual({
        status: 'foreseen',
        changes: [{ ...hello(subject), removed: false, replaced: 'yes' }],
        isUnchanged: false,
      });
      expect(await ask(subject, templates.added, 'token-added')).toEqual({
        status: 'foreseen',
        changes: [],
        isUnchanged: false,
      });
      expect(await stacks.template(name)).toEqual(bodies.first);
      expect(await stacks.describe(name)).toMatchObject({ status: 'CREATE_COMPLETE' });
    });

    it('tells what is removed', async () => {
      const subject = await created();
      const { stacks, templates } = subject;
      await stacks.update(request(subject, templates.added, 'token-update'));
      await end(subject, 'token-update');
      const found = await ask(subject, templates.first, 'token-removed');
      expect(found).toMatchObject({ status: 'foreseen' });
      const added = { logicalId: 'Added', type: 'AWS::SNS::Topic', removed: true, replaced: 'no' };
      expect((found as { readonly changes: unknown }).changes).toContainEqual(expect.objectContaining(added));
    });

    it('tells that nothing changes', async () => {
      const subject = await created();
      const found = await ask(subject, subject.templates.first, 'token-none');
      expect(found).toEqual({ status: 'foreseen', changes: [], isUnchanged: true });
    });
  });

  it('does what was foreseen, once, under the same token', async () => {
    const subject = await created();
    const { stacks, name, templates } = subject;
    const asked = request(subject, templates.second, 'token-foreseen');
    await stacks.foresee(asked);
    while ((await stacks.foreseen(asked)).status === 'pending');
    await stacks.doForeseen(asked);
    const events = await end(subject, 'token-foreseen');
    expect(events[0]).toMatchObject({ ofStack: true, status: 'UPDATE_IN_PROGRESS' });
    expect(await stacks.update(request(subject, templates.second, 'token-after'))).toBe('unchanged');
    expect((await stacks.describe(name))!.status).toMatch(/^UPDATE_COMPLETE/);
  });

  it('protects a stack from its deletion, and lets it go again', async () => {
    const subject = await created();
    const { stacks, name, executionRoleArn } = subject;
    expect(await stacks.describe(name)).toMatchObject({ isProtected: false });
    await stacks.setProtection(name, true);
    expect(await stacks.describe(name)).toMatchObject({ isProtected: true });
    expect(await stacks.delete(name, { executionRoleArn, token: 'token-delete' })).toBe('protected');
    await stacks.setProtection(name, false);
    expect(await stacks.delete(name, { executionRoleArn, token: 'token-delete' })).toBe('started');
  });

  it('gives a stack a policy', async () => {
    const { stacks, name } = await created();
    const policy = [{ Effect: 'Allow', Action: 'Update:*', Principal: '*', Resource: '*' }];
    await expect(stacks.setPolicy(name, policy)).resolves.toBeUndefined();
  });

  it('tells the template that a stack has now: after a failed update the one of before', async () => {
    const subject = await created();
    const { stacks, name, templates, bodies } = subject;
    expect(await stacks.template(name)).toEqual(bodies.first);
    await stacks.update(request(subject, templates.broken, 'token-broken'));
    await end(subject, 'token-broken');
    expect(await stacks.template(name)).toEqual(bodies.first);
    await stacks.update(request(subject, templates.second, 'token-second'));
    await end(subject, 'token-second');
    expect(await stacks.template(name)).toEqual(bodies.second);
  });

  it('gives up no update where none is under way', async () => {
    const subject = await created();
    expect(await subject.stacks.cancelUpdate(subject.name)).toBe('not-updating');
    expect(await subject.stacks.cancelUpdate(`${subject.name}-none`)).toBe('not-updating');
    expect(await subject.stacks.describe(subject.name)).toMatchObject({ status: 'CREATE_COMPLETE' });
  });

  it('rolls a failed update back and tells at which resource it failed', async () => {
    const subject = await created();
    await subject.stacks.update(request(subject, subject.templates.broken, 'token-broken'));
    const events = await end(subject, 'token-broken');
    expect(firstFailure(events)).toMatchObject({ logicalId: 'Broken', reason: expect.stringMatching(/./) });
    expect((await subject.stacks.describe(subject.name))!.status).toMatch(/^UPDATE_ROLLBACK_COMPLETE/);
  });

  it('tells what is wrong with a template that CloudFormation refuses before it touches anything', async () => {
    const subject = await created();
    await subject.stacks.update(request(subject, subject.templates.refused, 'token-refused'));
    expect(firstFailure(await end(subject, 'token-refused'))).toMatchObject({ ofStack: true });
    expect(await subject.stacks.validationErrors(subject.name)).toEqual([
      expect.objectContaining({ logicalId: 'Taken', type: 'AWS::S3::Bucket', reason: expect.stringMatching(/./) }),
    ]);
  });

  it('deletes what a failed creation left', async () => {
    const subject = await make();
    const { stacks, name, templates, executionRoleArn } = subject;
    await stacks.create(request(subject, templates.broken, 'token-create'));
    expect(firstFailure(await end(subject, 'token-create'))).toMatchObject({ logicalId: 'Broken' });
    expect(await stacks.describe(name)).toMatchObject({ status: 'ROLLBACK_COMPLETE' });
    await stacks.delete(name, { executionRoleArn, token: 'token-delete' });
    await end(subject, 'token-delete');
    expect(await stacks.describe(name)).toBeUndefined();
  });
}
