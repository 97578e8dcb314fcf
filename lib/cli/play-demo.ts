import type { Platform } from './connect-platform';
import type { DemoAct, DemoPush, DemoQuestion } from './demo-acts';
import { type DemoAnswer, unexpected } from './demo-checks';
import type { DemoShop } from './demo-shop';
import { type DemoRow, demoTable } from './demo-table';
import { findReleaseOf } from './find-release';
import { type FollowPorts, followRelease, type ReleaseView } from './follow-release';
import { type Paint, paintFor } from './paint';
import { progressDisplay } from './progress-display';
import { localApiUrls } from './service-api';

/** Where the demo is played. */
export interface DemoStage {
  readonly platform: FollowPorts & Pick<Platform, 'releases' | 'serviceStates'>;
  /** The local cloud's. */
  readonly endpoint: string;
  readonly shop: DemoShop;
  readonly app: string;
  readonly stage: string;
  /** A terminal or a file. */
  readonly out: NodeJS.WriteStream;
}

/** How the demo went. */
export interface DemoOutcome {
  /** What came otherwise than expected, in words. */
  readonly mismatches: readonly string[];
  /** Every URL that was asked. */
  readonly urls: readonly string[];
}

/** Lines of a diff stat that are worth reading. */
const MOST_FILES = 6;
const MOST_SHOWN = 120;

/** Plays the acts: each push for real, followed to the end of its release, its APIs asked. */
export async function playDemo(acts: readonly DemoAct[], stage: DemoStage): Promise<DemoOutcome> {
  const paint = paintFor(stage.out);
  const say = (line = '') => stage.out.write(`${line}\n`);
  const played: { readonly act: string; readonly id: string }[] = [];
  const mismatches: string[] = [];
  const urls = new Set<string>();
  /** Outputs of the services' stacks; a release has those of the services it deployed. */
  const outputs = new Map<string, Readonly<Record<string, string>>>();

  for (const [index, { name, title, pushes }] of acts.entries()) {
    say();
    say(`${paint.bold(paint.cyan(`Act ${index + 1} of ${acts.length}: ${name}`))}  ${title}`);
    for (const push of pushes) {
      const view = await playPush(push, stage, paint);
      played.push({ act: name, id: view.record.release.id });
      for (const service of view.services) {
        if (Object.keys(service.outputs).length > 0) outputs.set(service.path, service.outputs);
      }
      const answers = await Promise.all(push.questions.map((question) => ask(question, outputs, stage.endpoint)));
      for (const answer of answers) {
        urls.add(answer.url);
        say(renderAnswer(answer, paint));
      }
      const found = unexpected(push, view, answers);
      for (const mismatch of found) say(paint.red(`not as expected: ${mismatch}`));
      mismatches.push(...found.map((mismatch) => `${name}, "${push.message}": ${mismatch}`));
    }
  }
  say();
  for (const line of demoTable(await readRows(played, stage))) say(line);
  return { mismatches, urls: [...urls] };
}

async function playPush(push: DemoPush, stage: DemoStage, paint: Paint): Promise<ReleaseView> {
  const { platform, shop, app, out } = stage;
  out.write(paint.dim(`\n$ git commit -m "${push.message}" && git push\n`));
  const { commit, stat } = await shop.push(push);
  const shown = stat.length > MOST_FILES ? stat.slice(-1) : stat;
  out.write(shown.map((line) => `  ${line}\n`).join(''));
  const key = await findReleaseOf(platform.releases, { app, stage: stage.stage, commit });
  const display = progressDisplay(out);
  try {
    return await followRelease(platform, key, { onView: display.show });
  } finally {
    display.close();
  }
}

async function ask(
  question: DemoQuestion,
  outputs: ReadonlyMap<string, Readonly<Record<string, string>>>,
  endpoint: string,
): Promise<DemoAnswer> {
  const [base] = localApiUrls(outputs.get(question.service) ?? {}, endpoint);
  if (!base) return { question, url: question.path, status: 0, text: `${question.service} has no API in its outputs` };
  const url = base + question.path;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    return { question, url, status: response.status, text: await response.text() };
  } catch (error) {
    return { question, url, status: 0, text: String(error) };
  }
}

/** The part of the answer that matters, if it is long. */
function renderAnswer({ question, url, status, text }: DemoAnswer, paint: Paint): string {
  const at = Math.max(0, text.indexOf(question.expect) - 20);
  const part = text.slice(at, at + MOST_SHOWN).replaceAll(/\s+/g, ' ');
  const excerpt = `${at > 0 ? '…' : ''}${part}${at + MOST_SHOWN < text.length ? '…' : ''}`;
  return `${paint.bold('GET')} ${new URL(url, 'http://api').pathname.replace(/^\/_aws\/execute-api/, '')}  ${status} ${excerpt}`;
}

/** What the state table has of the releases, in the order in which they were played. */
async function readRows(
  played: readonly { readonly act: string; readonly id: string }[],
  { platform, app, stage }: DemoStage,
): Promise<readonly DemoRow[]> {
  const rows = await Promise.all(
    played.map(async ({ act, id }) => {
      const key = { app, stage, id };
      const [record, services] = await Promise.all([platform.releases.find(key), platform.serviceStates.records(key)]);
      return record ? [{ act, record, services }] : [];
    }),
  );
  return rows.flat();
}
