import { type Document, isMap, parseDocument } from 'yaml';
import { resolveConfig } from '../config/resolve-config';
import { SEEDBED_YML } from '../config/seedbed-yml';
import { ReleaseError } from '../core/errors';
import { nearest } from '../core/nearest';
import type { Repository } from '../core/release';

/** An app as it is written into seedbed.yml. */
export interface NewApp {
  readonly app: string;
  readonly repository: Repository;
  /** Branches by stage; none: it is deployed to by hand. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
  /** The stage whose settings stages of pull requests have; without it, pull requests have none. */
  readonly pullRequests?: string;
}

/** The text of a seedbed.yml that connects nothing yet. */
export const EMPTY_SEEDBED_YML = `# What deploys where. After a change: npx cdk deploy
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
  // `apps:` without a value, or `{}`, cannot hold what is easy to read.
  if (!isMap(apps) || apps.items.length === 0) document.set('apps', document.createNode({ [app]: value }));
  else document.setIn(['apps', app], document.createNode(value));
  const branchLists = Object.keys(stages).map((stage) => document.getIn(['apps', app, 'stages', stage, 'branches']));
  for (const list of branchLists) if (list) (list as { flow?: boolean }).flow = true;
  return checked(document);
}

/** @returns the text without the app. @throws ReleaseError AppNotFound */
export function withoutApp(text: string, app: string): string {
  const document = parse(text);
  if (!document.hasIn(['apps', app])) {
    const apps = document.get('apps');
    const known = isMap(apps) ? apps.items.map(({ key }) => String(key)) : [];
    const near = nearest(app, known);
    const advice = near === undefined ? `it has: ${known.join(', ') || '(none)'}` : `did you mean "${near}"?`;
    throw new ReleaseError('AppNotFound', `${SEEDBED_YML} has no app "${app}"; ${advice}`);
  }
  document.deleteIn(['apps', app]);
  return checked(document);
}

function parse(text: string): Document {
  const document = parseDocument(text);
  if (document.errors.length > 0) check(text); // says what is wrong, and where
  return document;
}

function checked(document: Document): string {
  const text = document.toString({ lineWidth: 0 });
  check(text);
  return text;
}

/** What the file says of itself is checked; where the platform is, is not known here, and so taken from it. */
function check(text: string): void {
  const { CDK_DEFAULT_REGION, AWS_REGION } = process.env;
  const written = /^\s+region:\s*["']?([a-z0-9-]+)/m.exec(text)?.[1];
  resolveConfig(text, { account: '(own)', region: written ?? CDK_DEFAULT_REGION ?? AWS_REGION ?? '(own)' });
}
