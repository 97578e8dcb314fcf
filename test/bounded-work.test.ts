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
import { processorTime } from './processor-time';
import { runs } from './runs';

/** Characters. */
const LENGTH = Math.max(40_000, runs(100_000));
/**
 * Milliseconds of the processor for one text. Nothing here takes more than a quarter of it, and nearly all less than a
 * hundredth; a search that grows with the square, such as that for `/a+b/g`, takes 400 of 20,000 characters, 2,400 of
 * 50,000.
 */
const MOST = LENGTH / 125;

/** Does work, and holds it to its time. */
async function inTime(work: () => unknown): Promise<void> {
  const { milliseconds } = await processorTime(work);
  expect(milliseconds).toBeLessThan(MOST);
}

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
  const texts = hostileTexts(LENGTH);

  it.each(Object.keys(READERS))('of %s grows with their length only', async (name) => {
    for (const text of texts) {
      await inTime(() => {
        try {
          READERS[name]!(text);
        } catch (error) {
          // Refused is answered, too.
          expect(error).toHaveProperty('code');
        }
      });
    }
  });

  it('of masks grows with the length of lines only', async () => {
    for (const text of hostileTexts(LENGTH / 4)) await inTime(() => mask.mask(text));
  });

  it('of the widths of a terminal grows with the length of lines only', async () => {
    for (const text of hostileTexts(LENGTH / 12)) await inTime(() => fitToWidth(text, 80));
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
  const texts = hostileTexts(LENGTH / 2);

  it('are found', () => expect(expressions.size).toBeGreaterThan(100));

  it.each([...expressions])('%s is searched for once through a text', async (literal) => {
    const end = literal.lastIndexOf('/');
    const flags = new Set(`${literal.slice(end + 1)}g`);
    const expression = new RegExp(literal.slice(1, end), [...flags].join(''));
    for (const text of texts) await inTime(() => text.replace(expression, ''));
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
