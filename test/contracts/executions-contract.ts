import { randomBytes } from 'node:crypto';
import type { Executions } from '../../lib/ports/executions';

/** What every adapter of the port Executions does. @param make over a state machine that runs for minutes */
export function executionsContract(make: () => Executions): void {
  let executions: Executions;
  let name: string;

  beforeEach(() => {
    executions = make();
    name = `shop-dev-${randomBytes(6).toString('hex')}`;
  });

  it('starts an execution under its name', async () => {
    const arn = await executions.start(name, { a: 1 });
    expect(arn).toBe(executions.arnOf(name));
    expect(await executions.status(arn)).toBe('running');
  });

  it('answers the same execution when it is started again', async () => {
    const arn = await executions.start(name, { a: 1 });
    expect(await executions.start(name, { a: 1 })).toBe(arn);
  });

  it('does not run an execution again that has ended', async () => {
    const arn = await executions.start(name, { a: 1 });
    await executions.stop(arn, 'enough');
    expect(await executions.start(name, { a: 1 })).toBe(arn);
    expect(await executions.status(arn)).toBe('aborted');
  });

  it('knows no execution that was never started', async () => {
    expect(await executions.status(executions.arnOf(name))).toBe('unknown');
  });

  it('stops what has ended, or never was, without complaint', async () => {
    await executions.stop(executions.arnOf(name), 'enough');
    const arn = await executions.start(name, {});
    await executions.stop(arn, 'enough');
    await executions.stop(arn, 'enough');
    expect(await executions.status(arn)).toBe('aborted');
  });
}
