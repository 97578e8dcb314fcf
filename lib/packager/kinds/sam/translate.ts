import { spawn } from 'node:child_process';
import * as z from 'zod';
import { ReleaseError } from '../../../core/contracts/errors';
import { asTemplate, type Template } from '../../../core/template/template';
import { parseJson } from '../../../core/text/parse-json';
import type { Workspace } from '../../workspace';
import { translatorPython } from './python';

/** What the translator answers; `id` is the logical id of what is wrong. */
const Answer = z.union([
  z.object({ template: z.unknown() }),
  z.object({ problems: z.array(z.object({ id: z.string().nullish(), message: z.string() })) }),
]);

/** Something that SAM's translator refuses. */
export interface TranslationProblem {
  readonly logicalId?: string;
  readonly message: string;
}

/**
 * Makes a template of CloudFormation of one of SAM, with AWS's own translator.
 *
 * @param parameters values of the template's parameters
 * @returns the template, or what is wrong with the one of SAM
 * @throws ReleaseError `InstallFailed` if the translator cannot be installed, `PackageFailed` if it breaks
 */
export async function translate(
  workspace: Workspace,
  template: Template,
  parameters: Readonly<Record<string, string>>,
): Promise<{ readonly template: Template } | { readonly problems: readonly TranslationProblem[] }> {
  const { program, args, env } = await translatorPython(workspace);
  const given = JSON.stringify({ template, parameters, region: workspace.region });
  const { exitCode, out, err } = await ask(program, args, { env, given });
  const { data } = Answer.safeParse(parseJson(out));
  if (exitCode !== 0 || data === undefined) {
    const lines = err.trim().split('\n').slice(-5).join('\n  ');
    throw new ReleaseError('PackageFailed', `aws-sam-translator ended with exit code ${exitCode}:\n  ${lines}`);
  }
  if ('template' in data) return { template: asTemplate(data.template) };
  return { problems: data.problems.map(({ id, message }) => ({ ...(id && { logicalId: id }), message })) };
}

function ask(
  program: string,
  args: readonly string[],
  { env, given }: { readonly env: NodeJS.ProcessEnv; readonly given: string },
): Promise<{ readonly exitCode: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', (error) => resolve({ exitCode: 127, out: '', err: error.message }));
    child.once('close', (code) =>
      resolve({ exitCode: code ?? 1, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
    // A program that ends early closes its input; why, it says itself.
    child.stdin.on('error', () => undefined);
    child.stdin.end(given);
  });
}
