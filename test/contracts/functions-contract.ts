import type { Functions } from '../../lib/ports/functions';

/** What a suite needs besides the port: a target with bundles and one function, made anew for each test. */
export interface FunctionsUnderTest {
  readonly functions: Functions;
  /** Name of a function that runs the bundle `first` and has neither version nor alias. */
  readonly name: string;
  /** Keys and hashes of two bundles. */
  readonly bundles: Readonly<Record<'first' | 'second', { readonly key: string; readonly codeSha256: string }>>;
  /** Changes the function's configuration, as CloudFormation or a person does. */
  configure(): Promise<void>;
  /** Sends a share of the alias's traffic to another version, as CodeDeploy does. */
  weigh(alias: string, to: { readonly version: string; readonly weight: number }): Promise<void>;
}

const ALIAS = 'live';

/** What every adapter of the port Functions does alike. */
export function functionsContract(make: () => Promise<FunctionsUnderTest>): void {
  const settled = async ({ functions, name }: FunctionsUnderTest, qualifier?: string) => {
    let found = await functions.read(name, qualifier);
    while (found?.readiness === 'pending') {
      await new Promise((resolve) => setTimeout(resolve, 50));
      found = await functions.read(name, qualifier);
    }
    return found;
  };

  it('reads the code of a function and a revision to guard it by', async () => {
    const { functions, name, bundles } = await make();
    expect(await functions.read(name)).toMatchObject({
      version: '$LATEST',
      codeSha256: bundles.first.codeSha256,
      revisionId: expect.stringMatching(/./),
      role: expect.stringMatching(/^arn:aws:iam::/),
      deadLetterTarget: undefined,
    });
  });

  it('finds nothing where there is no function, version or alias', async () => {
    const { functions, name } = await make();
    expect(await functions.read(`${name}-not-there`)).toBeUndefined();
    expect(await functions.read(name, '7')).toBeUndefined();
    expect(await functions.read(name, ALIAS)).toBeUndefined();
  });

  it('updates code and publishes it as a version', async () => {
    const subject = await make();
    const { functions, name, bundles } = subject;
    const before = (await functions.read(name))!;
    const outcome = await functions.updateCode({
      name,
      bundle: bundles.second.key,
      revisionId: before.revisionId,
      publish: 'version',
    });
    expect(outcome).toEqual({ outcome: 'done', version: '1', codeSha256: bundles.second.codeSha256 });
    expect(await settled(subject)).toMatchObject({ codeSha256: bundles.second.codeSha256, readiness: 'ready' });
    expect(await settled(subject, '1')).toMatchObject({
      version: '1',
      codeSha256: bundles.second.codeSha256,
      readiness: 'ready',
    });
  });

  it('updates code without a version when none is asked for', async () => {
    const subject = await make();
    const { functions, name, bundles } = subject;
    await functions.updateCode({ name, bundle: bundles.second.key, publish: 'nothing' });
    expect(await settled(subject)).toMatchObject({ codeSha256: bundles.second.codeSha256 });
    expect(await functions.read(name, '1')).toBeUndefined();
  });

  it('leaves a function alone that changed since its revision was read', async () => {
    const subject = await make();
    const { functions, name, bundles } = subject;
    const { revisionId } = (await functions.read(name))!;
    await functions.updateCode({ name, bundle: bundles.second.key, publish: 'nothing' });
    await settled(subject);
    const again = { name, bundle: bundles.first.key, revisionId, publish: 'version' } as const;
    expect(await functions.updateCode(again)).toEqual({ outcome: 'changed-since-read' });
    expect(await functions.read(name)).toMatchObject({ codeSha256: bundles.second.codeSha256 });
  });

  it('tells a missing function from a bundle that Lambda refuses', async () => {
    const { functions, name, bundles } = await make();
    const update = { bundle: bundles.first.key, publish: 'version' } as const;
    expect(await functions.updateCode({ ...update, name: `${name}-not-there` })).toEqual({ outcome: 'missing' });
    expect(await functions.publish(`${name}-not-there`, bundles.first.codeSha256)).toEqual({ outcome: 'missing' });
    const refused = await functions.updateCode({ name, bundle: 'bundles/not-there.zip', publish: 'version' });
    expect(refused).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/./) });
  });

  it('publishes what is in place once: unchanged, it answers the same version', async () => {
    const { functions, name, bundles } = await make();
    const first = await functions.publish(name, bundles.first.codeSha256);
    expect(first).toEqual({ outcome: 'done', version: '1', codeSha256: bundles.first.codeSha256 });
    expect(await functions.publish(name, bundles.first.codeSha256)).toEqual(first);
  });

  it('makes an alias, moves it, and moves it back', async () => {
    const subject = await make();
    const { functions, name, bundles } = subject;
    await functions.publish(name, bundles.first.codeSha256);
    await settled(subject, '1');
    expect(await functions.moveAlias(name, { alias: ALIAS, version: '1' })).toBe('moved');
    await functions.updateCode({ name, bundle: bundles.second.key, publish: 'version' });
    await settled(subject, '2');
    expect(await functions.moveAlias(name, { alias: ALIAS, version: '2' })).toBe('moved');
    expect(await functions.read(name, ALIAS)).toMatchObject({ version: '2', codeSha256: bundles.second.codeSha256 });
    expect(await functions.moveAlias(name, { alias: ALIAS, version: '1' })).toBe('moved');
    expect(await functions.read(name, ALIAS)).toMatchObject({ version: '1', codeSha256: bundles.first.codeSha256 });
    expect(await functions.alias(name, ALIAS)).toEqual({ version: '1', weights: {} });
  });

  it('sees how traffic is weighed between two versions, and makes the alias whole', async () => {
    const subject = await make();
    const { functions, name, bundles } = subject;
    await functions.publish(name, bundles.first.codeSha256);
    await settled(subject, '1');
    await functions.moveAlias(name, { alias: ALIAS, version: '1' });
    await functions.updateCode({ name, bundle: bundles.second.key, publish: 'version' });
    await settled(subject, '2');
    await subject.weigh(ALIAS, { version: '2', weight: 0.1 });
    expect(await functions.alias(name, ALIAS)).toEqual({ version: '1', weights: { 2: 0.1 } });
    await functions.moveAlias(name, { alias: ALIAS, version: '1' });
    expect(await functions.alias(name, ALIAS)).toEqual({ version: '1', weights: {} });
  });

  it('tells whether a version is configured as $LATEST is', async () => {
    const subject = await make();
    const { functions, name, bundles } = subject;
    await functions.publish(name, bundles.first.codeSha256);
    const latest = (await functions.read(name))!;
    expect((await functions.read(name, '1'))!.configuration).toBe(latest.configuration);
    await subject.configure();
    await settled(subject);
    expect((await functions.read(name))!.configuration).not.toBe(latest.configuration);
    expect((await functions.read(name, '1'))!.configuration).toBe(latest.configuration);
  });

  it('knows no alias that is not there', async () => {
    const { functions, name } = await make();
    expect(await functions.alias(name, ALIAS)).toBeUndefined();
    expect(await functions.alias(`${name}-not-there`, ALIAS)).toBeUndefined();
  });

  it('moves no alias of a function that is not there', async () => {
    const { functions, name } = await make();
    expect(await functions.moveAlias(`${name}-not-there`, { alias: ALIAS, version: '1' })).toBe('missing');
  });
}
