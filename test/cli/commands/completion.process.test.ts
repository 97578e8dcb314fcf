import { execFileSync } from 'node:child_process';
import { registerApp } from '../../../lib/cli/commands/app';
import { registerCompletion } from '../../../lib/cli/commands/completion';
import { registerDeploy } from '../../../lib/cli/commands/deploy';
import { aWorld } from '../a-world';

const { call } = aWorld((program, world) => {
  for (const register of [registerDeploy, registerApp, registerCompletion]) register(program, world);
});

/** What bash offers at the end of these words. */
async function offered(...words: string[]): Promise<string[]> {
  const { out: script } = await call('completion', 'bash');
  const typed = words.map((word) => `'${word}'`).join(' ');
  const line = `COMP_WORDS=(seedbed ${typed}); COMP_CWORD=${words.length}; _seedbed`;
  const offers = execFileSync('bash', ['-c', `${script}\n${line}; echo "\${COMPREPLY[@]}"`], { encoding: 'utf8' });
  return offers.trim().split(' ').filter(Boolean);
}

describe('seedbed completion', () => {
  it('completes commands, commands of commands, and options in bash', async () => {
    expect(await offered('')).toEqual(['deploy', 'app', 'completion', '--help']);
    expect(await offered('de')).toEqual(['deploy']);
    expect(await offered('app', '')).toEqual(['list', 'add', 'rm', 'doctor', '--help']);
    expect(await offered('deploy', '--app', 'shop', '--s')).toEqual(['--stage', '--service']);
    expect(await offered('app', 'add', '--g')).toEqual(['--github']);
  });

  it('writes scripts for zsh and fish', async () => {
    const { out: zsh } = await call('completion', 'zsh');
    expect(zsh).toMatch(/^#compdef seedbed\n/);
    expect(zsh).toContain("'doctor:find out what stops an app from being released, and how to fix it'");
    const { out: fish } = await call('completion', 'fish');
    expect(fish).toContain("complete -c seedbed -n 'not __fish_seen_subcommand_from deploy app completion' -a deploy");
    expect(fish).toContain("complete -c seedbed -n '__fish_seen_subcommand_from deploy' -l stage -d 'its stage'");
  });

  it.each([
    ['tcsh', 'there is no completion for the shell "tcsh"; use one of: bash, zsh, fish'],
    ['bsh', 'there is no completion for the shell "bsh"; did you mean "bash"?'],
  ])('ends with 2 for the shell %s, and says which to take', async (shell, message) => {
    expect(await call('completion', shell)).toMatchObject({ status: 2, err: `seedbed: ${message}\n` });
  });
});
