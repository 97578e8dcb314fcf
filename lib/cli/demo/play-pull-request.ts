import { setTimeout as sleep } from 'node:timers/promises';
import type { Trigger } from '../../core/contracts/release';
import type { GitHubClient } from '../../local/github/github-client';
import { findReleaseOf } from '../platform/find-release';
import { followRelease, type ReleaseView } from '../show/follow-release';
import { paintFor } from '../show/paint';
import { progressDisplay } from '../show/progress-display';
import { ask, renderAnswer } from './demo-ask';
import { type DemoAnswer, unexpected } from './demo-checks';
import { type DemoCommit, PULL_REQUEST_ACT } from './demo-pull-request';
import type { DemoFinale, DemoPlace, PlayedRelease } from './play-demo';

/** Where the pull request is. */
export interface PullRequestPlace {
  readonly developer: GitHubClient;
  /** `owner/name`. */
  readonly repository: string;
  /** @returns the names of all stacks of a stage, whatever the platform knows of them. */
  readonly stacksOf: (stage: string) => Promise<readonly string[]>;
}

/** How long the platform may take to tell GitHub of the end of a release, and how often to look. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 200;
/** Lines of the comment that are shown. */
const MOST_LINES = 14;

/** @returns the act of a pull request, from its opening to the removal of its stage. */
export function playPullRequest({ developer, repository, stacksOf }: PullRequestPlace): DemoFinale {
  return async (place, number) => {
    const { name, title, into, branch, requestTitle, opened, changed } = PULL_REQUEST_ACT;
    const { platform, shop, app, out, endpoint } = place;
    const paint = paintFor(out);
    const say = (line = '') => out.write(`${line}\n`);
    const played: PlayedRelease[] = [];
    const mismatches: string[] = [];
    const check = (what: string, isSo: boolean, otherwise: string): void => {
      say(isSo ? `${paint.green('✓')} ${what}` : paint.red(`not as expected: ${what}: ${otherwise}`));
      if (!isSo) mismatches.push(`${name}: ${what}: ${otherwise}`);
    };
    const follow = async (stage: string, commit: string, triggers: readonly Trigger['type'][]) => {
      const key = await findReleaseOf(platform.releases, { app, stage, commit }, { triggers });
      const view = await shown(place, key);
      played.push({ act: name, stage, id: view.record.release.id });
      return view;
    };

    say();
    say(`${paint.bold(paint.cyan(`${number}: ${name}`))}  ${title}`);
    await shop.switchTo(into);
    await shop.switchTo(branch);
    say(paint.dim(`\n$ git switch --create ${branch} && git commit -m "${opened.message}" && git push`));
    const { commit } = await shop.push(opened);
    say(paint.dim(`$ gh pr create --base ${into} --title "${requestTitle}"`));
    const pull = await developer.openPullRequest(repository, { title: requestTitle, head: branch, base: into });
    const stage = `pr-${pull.number}`;
    const outputs = new Map<string, Readonly<Record<string, string>>>();
    const judge = async (of: DemoCommit, view: ReleaseView): Promise<void> => {
      for (const service of view.services) outputs.set(service.path, service.outputs);
      const answers: DemoAnswer[] = await Promise.all(
        of.questions.map((question) => ask(question, outputs.get(question.service) ?? {}, endpoint)),
      );
      for (const answer of answers) say(renderAnswer(answer, paint));
      const found = unexpected({ ...of, outcome: 'succeeded' }, view, answers);
      for (const mismatch of found) say(paint.red(`not as expected: ${mismatch}`));
      mismatches.push(...found.map((mismatch) => `${name}, "${of.message}": ${mismatch}`));
    };
    const status = (of: string) =>
      eventually(async () => {
        const [latest] = (await developer.statuses(repository, of)).filter(({ context }) => context.includes(stage));
        return latest?.state === 'success' ? latest : undefined;
      });

    await judge(opened, await follow(stage, commit, ['pull-request']));
    const told = await status(commit);
    check(`the commit has the status "${told?.context}": ${told?.description}`, told !== undefined, 'no success');

    say(paint.dim(`\n$ git commit -m "${changed.message}" && git push`));
    const second = (await shop.push(changed)).commit;
    await judge(changed, await follow(stage, second, ['pull-request', 'push']));
    await status(second);
    const toldOf = async (commit: string) => {
      const comments = await developer.comments(repository, pull.number);
      const [text = ''] = comments;
      return text.includes(commit.slice(0, 7)) && !text.includes('is being') ? comments : undefined;
    };
    const comments = (await eventually(() => toldOf(second))) ?? [];
    check('one comment reports both releases', comments.length === 1, `there are ${comments.length}`);
    for (const line of (comments[0] ?? '').split('\n').slice(0, MOST_LINES)) say(paint.dim(`  │ ${line}`));

    const before = await stacksOf(stage);
    say(paint.dim(`\n$ gh pr close ${pull.number}`));
    await developer.closePullRequest(repository, pull.number);
    await follow(stage, second, ['remove']);
    const left = await stacksOf(stage);
    check(
      `none of the ${before.length} stacks of ${stage} is left`,
      left.length === 0,
      `still there: ${left.join(', ')}`,
    );
    const environments = await eventually(async () => {
      const ours = (await developer.deployments(repository)).filter(({ environment }) => environment.endsWith(stage));
      const states = await Promise.all(ours.map(({ id }) => developer.deploymentStatuses(repository, id)));
      return ours.length > 0 && states.every(([latest]) => latest?.state === 'inactive') ? ours : undefined;
    });
    check('its environment at GitHub is inactive', environments !== undefined, 'it is not');
    return { mismatches, played };
  };
}

/** Shows a release until it has ended. */
async function shown({ platform, out }: DemoPlace, key: PlayedKey): Promise<ReleaseView> {
  const display = progressDisplay(out);
  try {
    return await followRelease(platform, key, { onView: display.show });
  } finally {
    display.close();
  }
}
type PlayedKey = Parameters<typeof followRelease>[1];

/** The platform tells GitHub of a release after its end, and no release waits for that. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(LOOK_MS);
  }
  return undefined;
}
