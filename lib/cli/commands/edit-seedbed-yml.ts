import { type Document, isMap, type Node, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';
import { type PlatformConfig, resolveConfig } from '../../config/resolve-config';
import { SEEDBED_YML } from '../../config/seedbed-yml';
import { ReleaseError } from '../../core/contracts/errors';
import { useInstead } from '../../core/text/nearest';
import { sharedAccounts } from '../../core/trigger/shared-accounts';
import type { NewApp } from '../ask/ask-app';

/** The text of a seedbed.yml that connects nothing yet. */
export const EMPTY_SEEDBED_YML = `# What deploys where. After a change: npx cdk deploy --all
# Every key: docs/configuration.md
apps: {}
`;

/**
 * @returns the text with the app in it; comments and all else stay as they are
 * @throws ReleaseError ConfigInvalid if it is there already, or with all that is wrong with what came out
 */
export function withNewApp(text: string, { app, repository, stages, pullRequests }: NewApp): string {
  const document = parse(text);
  if (document.hasIn(['apps', app])) {
    throw new ReleaseError(
      'ConfigInvalid',
      `${SEEDBED_YML}: "apps.${app}" is there already; edit it, or take another name`,
    );
  }
  const value = {
    repository: { [repository.provider]: repository.name },
    stages: Object.fromEntries(
      Object.entries(stages).map(([stage, branches]) => [stage, branches.length > 0 ? { branches } : {}]),
    ),
    ...(pullRequests !== undefined && { pullRequests: { template: pullRequests } }),
  };
  const apps = document.get('apps');
  const entry = stringify({ [app]: value }, { lineWidth: 0 });
  if (isMap(apps) && !apps.flow && apps.items.length > 0) {
    const indent = columnOf(text, keyStart(apps.items[0]!));
    const end = endOf(apps, text);
    const before = text.slice(0, end);
    const lines = entry.replace(/^(?=.)/gm, ' '.repeat(indent));
    return checked(`${before}${before.endsWith('\n') ? '' : '\n'}${lines}${text.slice(end)}`);
  }
  // `apps:` without a value, or `{}`, has no place for it: the file is written anew, with its comments.
  if (isMap(apps) && apps.items.length > 0) document.setIn(['apps', app], document.createNode(value));
  else document.set('apps', document.createNode({ [app]: value }));
  return checked(document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

/** @returns the text without the app. @throws ReleaseError AppNotFound */
export function withoutApp(text: string, app: string): string {
  const document = parse(text);
  if (!document.hasIn(['apps', app])) {
    const apps = document.get('apps');
    const known = isMap(apps) ? apps.items.map(({ key }) => String(key)) : [];
    const advice = known.length === 0 ? 'it has none' : useInstead(app, known);
    throw new ReleaseError('AppNotFound', `${SEEDBED_YML} has no app "${app}"; ${advice}`);
  }
  const apps = document.get('apps') as YAMLMap;
  const at = apps.items.findIndex(({ key }) => String(key) === app);
  if (!apps.flow && apps.items.length > 1) {
    const start = lineStart(text, keyStart(apps.items[at]!));
    const next = apps.items[at + 1];
    const end = next ? lineStart(text, keyStart(next)) : endOf(apps, text);
    return checked(text.slice(0, start) + text.slice(end));
  }
  apps.delete(app);
  return checked(document.toString({ lineWidth: 0, flowCollectionPadding: false }));
}

/** What is not touched stays to the letter: the file is edited as text, at places that its parser names. */
const keyStart = ({ key }: Pair): number => (key as Node).range![0];
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** @returns where the last value of a map ends: behind its line. */
function endOf(map: YAMLMap, text: string): number {
  const last = map.items.at(-1)!;
  const { range } = (last.value ?? last.key) as Node;
  const end = text.indexOf('\n', Math.max(range![1] - 1, 0));
  return end === -1 ? text.length : end + 1;
}

function parse(text: string): Document {
  const document = parseDocument(text);
  if (document.errors.length > 0) check(text); // says what is wrong, and where
  return document;
}

function checked(text: string): string {
  check(text);
  return text;
}

/**
 * @returns what synthesis will warn of, of one app: its previews in one account with what those who push should not
 *   reach
 */
export const warningsOf = (text: string, app: string): readonly string[] =>
  sharedAccounts(check(text).apps, OWN)
    .filter(({ rule }) => rule.startsWith(`apps.${app}.`))
    .map(({ rule, message, fix }) => `"${rule}": ${message}; ${fix}`);

/** Stands for the account and region of the platform where they are not known. */
const OWN = '(own)';

/** What the file says of itself is checked; where the platform is, is not known here, and so taken from it. */
function check(text: string): PlatformConfig {
  const { CDK_DEFAULT_REGION, AWS_REGION } = process.env;
  const written = /^[ \t]+region:\s*["']?([a-z0-9-]+)/m.exec(text)?.[1];
  return resolveConfig(text, { account: OWN, region: written ?? CDK_DEFAULT_REGION ?? AWS_REGION ?? OWN });
}
