import { exampleOf, READ_PATTERN } from './build-reads';
import { forbiddenIn, forbiddenReads } from './forbidden-reads';

/**
 * @param action as IAM names it, that was refused
 * @param resource as the error names it: an ARN, or the bare name of a secret
 * @returns what to add to `reads` so that builds may do it; undefined if no reading can allow it
 */
export function readFor(action: string, resource: string): string | undefined {
  const [service = '', operation = ''] = action.split(':');
  const found = readText(service, operation, resource);
  return found !== undefined && READ_PATTERN.test(found) ? found : undefined;
}

function readText(service: string, operation: string, resource: string): string | undefined {
  const rest = resource.startsWith('arn:') ? resource.split(':').slice(5).join(':') : resource;
  if (service === 'ssm' && /^GetParameters?(ByPath)?$/.test(operation)) {
    const name = rest.replace(/^(parameter)?\//, '');
    return `ssm:/${name}${operation.endsWith('ByPath') ? '/*' : ''}`;
  }
  if (service === 'secretsmanager' && /^(GetSecretValue|DescribeSecret)$/.test(operation)) {
    // An ARN ends in six characters that Secrets Manager adds to the name.
    const name = rest.replace(/^secret:/, '');
    return `secretsmanager:${resource === rest ? name : name.replace(/-\w{6}$/, '')}`;
  }
  if (service === 's3' && /^(GetObject|ListBucket$)/.test(operation))
    return `s3:${rest}${rest.includes('/') ? '' : '/*'}`;
  if (service === 'cloudformation' && /^(Describe|List)(Stack|Export)/.test(operation)) {
    const stack = /^stack\/([^/*]+)/.exec(rest)?.[1];
    return stack === undefined ? 'cloudformation' : `cloudformation:${stack}`;
  }
  if (service === 'codeartifact' && /^(Get(AuthorizationToken|RepositoryEndpoint)|Read)/.test(operation)) {
    return `codeartifact:${rest.replace(/^repository\//, '').replace(/^domain\/(.*)$/, '$1/*')}`;
  }
  return undefined;
}

/** Something that a build wanted to do and was refused. */
export interface DeniedRight {
  readonly action: string;
  /** An ARN or a name; `*` if the error names none. */
  readonly resource: string;
  /** Whether no grant could change it: the boundary of all build roles forbids it. */
  readonly isForGood: boolean;
}

/** AWS's form: docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const DENIED =
  /User: arn:[\w-]+:sts::\d{12}:assumed-role\/([\w+=,.@-]{1,64})\/[\w+=,.@-]{1,64} is not authorized to perform: ([\w-]{1,64}:\w{1,128})(?: on resource: "?([^\s"]{1,2048})"?)?([^\n]{0,200})/g;

/**
 * @param text what a command of the build wrote
 * @param role name of the build's role: what other identities were refused is not ours to explain
 * @returns each right once
 */
export function deniedRights(text: string, role: string): readonly DeniedRight[] {
  const found = new Map<string, DeniedRight>();
  for (const [, who, action = '', named = '*', why = ''] of text.matchAll(DENIED)) {
    const resource = named.replace(/[.,;]$/, '');
    const isForGood = /explicit deny|permissions boundary/i.test(why);
    if (who === role) found.set(`${action} ${resource}`, { action, resource, isForGood });
  }
  return [...found.values()];
}

/** Whose build was refused something. */
export interface RefusedBuild {
  readonly app: string;
  /** The configured stage whose settings the build has. */
  readonly settingsStage: string;
  readonly service: string;
}

/** @returns what was refused, and the line of seedbed.yml that allows it. */
export function explainDenied({ app, settingsStage, service }: RefusedBuild, denied: readonly DeniedRight[]): string {
  const what = denied.map(({ action, resource }) => `  ${action} on ${resource}`);
  const never = forbiddenReads(app, { apps: [], secrets: [] });
  const wanted = denied.map(({ action, resource, isForGood }) => {
    const read = readFor(action, resource);
    const isOwn = read !== undefined && forbiddenIn(read, never) !== undefined;
    return { action, read, example: exampleFor(action, resource), isNever: isForGood || isOwn };
  });
  const granted = wanted.filter(({ isNever }) => !isNever);
  const reads = unique(granted.flatMap(({ read }) => (read === undefined ? [] : [`'${read}'`])));
  // Exports and names of stacks are read of all or none.
  const isWider = granted.some(
    ({ action, read }) => read === 'cloudformation' && !/:List(Exports|Stacks)$/.test(action),
  );
  const unnamed = unique(
    granted.flatMap(({ read, example }) => (read === undefined && example ? [`'${example}'`] : [])),
  );
  const others = unique(granted.flatMap(({ action, read, example }) => (read || example ? [] : [action])));
  const nevers = unique(wanted.flatMap(({ action, isNever }) => (isNever ? [action] : [])));
  const build = `apps.${app}.stages.${settingsStage}.build`;
  return [
    `service "${service}" asked for what builds of stage "${settingsStage}" may not do:`,
    ...what,
    ...(reads.length > 0
      ? [
          `to allow it, add this to "${build}" in seedbed.yml and deploy the platform:`,
          `  reads: [${reads.join(', ')}]`,
        ]
      : []),
    ...(isWider
      ? [
          `  cloudformation is all stacks: the error names none; if you know which it is, write '${exampleOf('cloudformation')}'`,
        ]
      : []),
    ...(unnamed.length > 0
      ? [
          `to allow what has no name here, add what is to be read to "${build}.reads" in seedbed.yml, like ${unnamed.join(', ')}`,
        ]
      : []),
    ...(others.length > 0
      ? [`to allow ${others.join(', ')}, add the ARN of a policy that does to "${build}.policies" in seedbed.yml`]
      : []),
    ...(nevers.length > 0 ? [`no build is ever allowed ${nevers.join(', ')} there: the platform forbids it`] : []),
  ].join('\n');
}

/** @returns how a reading of that kind is written, where an error says what was to be done and not with what. */
const exampleFor = (action: string, resource: string): string | undefined =>
  resource === '*' && /:(Get|Describe|List)/.test(action) ? exampleOf(action.split(':')[0]!) : undefined;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
