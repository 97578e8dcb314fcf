import { Name, Repository } from '../../core/contracts/release';
import { useInstead } from '../../core/text/nearest';
import { repositoriesHere } from '../platform/repository-of-remote';
import { checkName, UsageError } from '../platform/run-command';
import type { World } from '../platform/world';

/** An app as it is written into seedbed.yml. */
export interface NewApp {
  readonly app: string;
  readonly repository: Repository;
  /** Branches by stage; none: it is deployed to by hand. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
  /** The stage whose settings stages of pull requests have; without it, pull requests have none. */
  readonly pullRequests?: string;
}

/** What options say of a new app; what they leave out is asked for. */
export interface NewAppOptions {
  readonly github?: string;
  readonly codecommit?: string;
  readonly stage?: readonly string[];
  readonly pullRequests?: string;
}

const DEFAULT_STAGES = ['dev:main'];

/**
 * @param name of the app, if it was given
 * @param option how the command's user gives the name
 * @returns the app, of options and answers
 * @throws UsageError if something is missing and nobody can be asked, or if it is not valid
 */
export async function askApp(
  name: string | undefined,
  options: NewAppOptions,
  world: World,
  option = 'NAME',
): Promise<NewApp> {
  const repository = repositoryOf(options) ?? (await askRepository(world));
  const suggested = suggestName(repository);
  const app = name ?? (await need(world, { question: 'name of the app', option, fallback: suggested }));
  checkName(option, app);
  const given = options.stage ?? (world.ask ? await askStages(world) : DEFAULT_STAGES);
  const parsed = given.map(parseStage);
  const twice = parsed.find(([stage], index) => parsed.findIndex(([other]) => other === stage) !== index);
  if (twice) {
    throw new UsageError(`--stage: "${twice[0]}" is given twice; write its branches in one: ${twice[0]}:main,topic/*`);
  }
  const stages = Object.fromEntries(parsed);
  const { pullRequests } = options;
  if (pullRequests !== undefined && !Object.hasOwn(stages, pullRequests)) {
    const advice = useInstead(pullRequests, Object.keys(stages));
    throw new UsageError(`--pull-requests: "${app}" has no stage "${pullRequests}"; ${advice}`);
  }
  return { app, repository, stages, pullRequests };
}

function repositoryOf({ github, codecommit }: NewAppOptions): Repository | undefined {
  if (github !== undefined && codecommit !== undefined) {
    throw new UsageError('--github and --codecommit: a repository is at one or the other; leave one of them out');
  }
  if (github !== undefined) return named('--github', { provider: 'github', name: github });
  return codecommit === undefined ? undefined : named('--codecommit', { provider: 'codecommit', name: codecommit });
}

/** @throws UsageError if no repository can be called so */
function named(option: string, repository: Repository): Repository {
  if (Repository.safeParse(repository).success) return repository;
  const form = repository.provider === 'github' ? 'OWNER/NAME, such as acme/shop' : 'the name of a repository';
  throw new UsageError(`${option}: "${repository.name}" is not ${form}`);
}

async function askRepository(world: World): Promise<Repository> {
  const [here] = await repositoriesHere(world.directory);
  const fallback = here && (here.provider === 'github' ? here.name : `codecommit:${here.name}`);
  const question = 'repository (owner/name at GitHub, or codecommit:name)';
  const answer = await need(world, { question, option: '--github OWNER/NAME or --codecommit NAME', fallback });
  if (answer.startsWith('codecommit:'))
    return named('repository', { provider: 'codecommit', name: answer.slice('codecommit:'.length).trim() });
  return named('repository', { provider: 'github', name: answer });
}

async function askStages({ ask }: World): Promise<readonly string[]> {
  const answer = await ask!('stages, each with the branch that deploys to it', DEFAULT_STAGES.join(' '));
  return answer.split(/\s+/).filter(Boolean);
}

/** `dev:main` or `dev:main,topic/*`; `dev` alone is deployed to by hand. */
function parseStage(text: string): [string, string[]] {
  const [stage = '', branches = ''] = text.split(/:(.*)/s);
  checkName('--stage', stage);
  const globs = branches.split(',').filter(Boolean);
  return [stage, globs];
}

interface Question {
  readonly question: string;
  /** How to say it without a terminal. */
  readonly option: string;
  readonly fallback?: string;
}

async function need({ ask }: World, { question, option, fallback }: Question): Promise<string> {
  const answer = ask ? await ask(question, fallback) : fallback;
  if (answer) return answer;
  throw new UsageError(`give ${option}: there is no terminal to ask you on`);
}

/** @returns the name of the repository, as far as it can be one of an app. */
function suggestName({ name }: Repository): string | undefined {
  const own = name
    .split('/')
    .at(-1)!
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|(?<!-)-+$/g, '')
    .slice(0, 32);
  return Name.safeParse(own).success ? own : undefined;
}
