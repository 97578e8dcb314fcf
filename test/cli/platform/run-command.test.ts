import { describeError, EXIT, runCommand, ToldFailure, UsageError } from '../../../lib/cli/platform/run-command';
import { ReleaseError } from '../../../lib/core/contracts/errors';

async function run(thrown: unknown): Promise<{ exitCode: number; text: string }> {
  let text = '';
  const exitCode = await runCommand(
    async () => {
      throw thrown;
    },
    (more) => {
      text += more;
    },
  );
  return { exitCode, text };
}

describe('a command', () => {
  it('ends with the code it returns', async () => {
    expect(await runCommand(async () => EXIT.failed)).toBe(1);
  });

  it('tells what a user can act on and ends with 1', async () => {
    expect(await run(new ReleaseError('StageNotFound', 'app "shop" has no stage "qa"'))).toEqual({
      exitCode: 1,
      text: 'seedbed: app "shop" has no stage "qa"\n',
    });
  });

  it('ends with 2 if it was called wrongly', async () => {
    expect(await run(new UsageError('there is no directory "x"'))).toEqual({
      exitCode: 2,
      text: 'seedbed: there is no directory "x"\n',
    });
  });

  it('says no more if it has told of its failure itself', async () => {
    expect(await run(new ToldFailure(130))).toEqual({ exitCode: 130, text: '' });
  });
});

describe('any other error', () => {
  it('is said to be a bug, without a stack trace', () => {
    const text = describeError(new TypeError('x is undefined'), {});
    expect(text).toContain('bug in seedbed');
    expect(text).toContain('TypeError: x is undefined');
    expect(text).not.toContain('run-command.test');
  });

  it('shows where it was thrown when asked for', () => {
    expect(describeError(new TypeError('x is undefined'), { SEEDBED_DEBUG: '1' })).toContain('run-command.test');
  });
});
