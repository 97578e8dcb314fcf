import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { isNoChange } from '../lib/aws/target/cloudformation-messages';
import { repositoryOfRemote } from '../lib/cli/platform/repository-of-remote';
import { cleanText } from '../lib/cli/show/clean-text';
import { fitToWidth } from '../lib/cli/show/text-width';
import { stableEntries } from '../lib/core/build/bundle-entries';
import { deniedRights } from '../lib/core/build/denied-rights';
import { hasLibraryName } from '../lib/core/build/native-code';
import { explainGuard } from '../lib/core/deploy/refused-by-guard';
import { codeBlock, codeOf, linkOf } from '../lib/core/notices/markdown';
import { plainText } from '../lib/core/notices/plain-text';
import { stepErrorOf } from '../lib/core/record/step-error';
import { isUnderArtifactDirectory, withoutArtifactTime } from '../lib/core/template/artifact-directory';
import { boundText } from '../lib/core/text/bound-text';
import { tellSome } from '../lib/core/text/tell-some';
import { skipMarkOf } from '../lib/core/trigger/skip-marks';
import { branchStageName } from '../lib/core/trigger/stage-name';
import { SecretMask } from '../lib/packager/mask-secrets';
import { withoutCredentials } from '../lib/packager/run-command';
import { hostileTexts } from './hostile-texts';
import { runs } from './runs';

/** A log line, a message or a file of others may be as long. Work that grows with its square takes half an hour. */
const MILLION = runs(1_000_000);

const mask = new SecretMask();
mask.add(['a secret', 'aaaaaaaa0', '0000000000000000a', `${'a'.repeat(5_000)}b`, '://////////x', '%41%41%41%41b']);

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  withoutCredentials,
  deniedRights: (text) => deniedRights(text, 'role'),
  explainGuard,
  isNoChange,
  skipMarkOf,
  branchStageName: (text) => branchStageName(text, ['prod']),
  cleanText,
  plainText,
  codeOf,
  codeBlock,
  linkOf,
  boundText: (text) => boundText(text, 4_000),
  tellSome: (text) => tellSome([text, text]),
  stepErrorOf: (text) => stepErrorOf({ Error: 'Error', Cause: text }),
  isUnderArtifactDirectory,
  withoutArtifactTime,
  hasLibraryName,
  stableEntries: (text) =>
    stableEntries('Hello', [
      { path: `__pycache__/${text}`.replaceAll('\\', ''), mode: 0o100644, bytes: Buffer.alloc(0) },
    ]),
  repositoryOfRemote,
};

describe('work on texts of others', () => {
  const texts = hostileTexts(MILLION);

  it.each(Object.keys(READERS))('of %s ends for a million characters of every kind', (name) => {
    for (const text of texts) {
      try {
        READERS[name]!(text);
      } catch (error) {
        // Refused is answered, too.
        expect(error).toHaveProperty('code');
      }
    }
  });

  it('of masks ends for long lines', () => {
    for (const text of hostileTexts(MILLION / 10)) expect(mask.mask(text)).toEqual(expect.any(String));
  });

  it('of the widths of a terminal ends for long lines', () => {
    for (const text of hostileTexts(MILLION / 50)) expect(fitToWidth(text, 80).length).toBeLessThanOrEqual(MILLION);
  });
});

describe('regular expressions of the platform', () => {
  const root = join(__dirname, '..');
  /** The local cloud is for its owner's own texts. */
  const sources = ['lib', 'lambdas', 'buildspec'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file))
      .filter((file) => file.endsWith('.ts') && !file.startsWith(join('lib', 'local'))),
  );
  const expressions = new Set(sources.flatMap((file) => literalsOf(readFileSync(join(root, file), 'utf8'))));
  const texts = hostileTexts(MILLION / 8);

  it('are found', () => expect(expressions.size).toBeGreaterThan(100));

  it.each([...expressions])('%s is searched for once through a text', (literal) => {
    const end = literal.lastIndexOf('/');
    const flags = new Set(`${literal.slice(end + 1)}g`);
    const expression = new RegExp(literal.slice(1, end), [...flags].join(''));
    for (const text of texts) expect(text.replace(expression, '').length).toBeLessThanOrEqual(text.length);
  });
});

/** @returns the regular expressions that are written in a source, as they are written */
function literalsOf(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}
