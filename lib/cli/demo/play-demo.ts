import { SYSTEM_CLOCK } from '../../aws/system-clock';
import type { FunctionRecord } from '../../core/contracts/state';
import { type LoadAnswer, startLoad } from '../../local/load';
import type { Platform } from '../platform/connect-platform';
import { findReleaseOf } from '../platform/find-release';
import { type FollowPorts, followRelease, type ReleaseView } from '../show/follow-release';
import { paintFor } from '../show/paint';
import { progressDisplay } from '../show/progress-display';
import { DEMO_BRANCHES, type DemoAct, type DemoPush, type DemoStageName } from './demo-act';
import { ask, renderAnswer } from './demo-ask';
import { unexpected } from './demo-checks';
import { answererOf } from './demo-load';
import type { DemoShop } from './demo-shop';
import { type DemoRow, demoTable } from './demo-table';
import { type LoadSighting, unexpectedOfLoad } from './load-checks';
import { renderLoad } from './load-table';
import { type PlayedLoad, prepareLoad } from './play-load';
import { localApiUrls } from './service-api';

/** Where the demo is played. */
export interface DemoPlace {
  readonly platform: FollowPorts & Pick<Platform, 'releases' | 'serviceStates' | 'aliases' | 'errors'>;
  /** The local cloud's. */
  readonly endpoint: string;
  readonly shop: DemoShop;
  readonly app: string;
  /** A terminal or a file. */
  readonly out: NodeJS.WriteStream;
}

/** How the demo went. */
export interface DemoOutcome {
  /** What went differently than expected, in words. */
  readonly mismatches: readonly string[];
  /** Every URL that was asked. */
  readonly urls: readonly string[];
}

/** A service as the last release that deployed it left it. */
interface KnownService {
  readonly outputs: Readonly<Record<string, string>>;
  readonly functions: readonly FunctionRecord[];
}

/** A release of the demo, for the table at its end. */
export interface PlayedRelease {
  readonly act: string;
  readonly stage: string;
  readonly id: string;
}

/** Lines of a diff stat that are worth reading. */
const MOST_FILES = 6;
/** Columns of anything but a terminal. */
const WIDE = 120;
/** Enough to count in a step, and little work for the machine. */
const REQUESTS_PER_SECOND = 25;
const NOTHING_KNOWN: KnownService = { outputs: {}, functions: [] };

/** The last act, which is of another kind. Its number comes with the count of all acts: `Act 8 of 8`. */
export type DemoFinale = (
  place: DemoPlace,
  number: string,
) => Promise<Pick<DemoOutcome, 'mismatches'> & { readonly played: readonly PlayedRelease[] }>;

/** Plays the acts: each push for real, followed to the end of its release, its APIs asked. Then the finale. */
export async function playDemo(acts: readonly DemoAct[], place: DemoPlace, finale: DemoFinale): Promise<DemoOutcome> {
  const count = acts.length + 1;
  const paint = paintFor(place.out);
  const say = (line = '') => place.out.write(`${line}\n`);
  const played: PlayedRelease[] = [];
  const mismatches: string[] = [];
  const urls = new Set<string>();
  /** By stage and path. */
  const known = new Map<string, KnownService>();

  for (const [index, { name, title, stage, pushes }] of acts.entries()) {
    say();
    say(`${paint.bold(paint.cyan(`Act ${index + 1} of ${count}: ${name}`))}  ${title}`);
    for (const push of pushes) {
      const service = (path: string) => known.get(`${stage} ${path}`) ?? NOTHING_KNOWN;
      const load = await readyLoad(push, service, place);
      const { view, report } = await playPush(push, { place, stage, load }).finally(() => load?.stop());
      played.push({ act: name, stage, id: view.record.release.id });
      for (const { path, status, outputs, functions } of view.services) {
        if (status === 'deployed') known.set(`${stage} ${path}`, { outputs, functions });
      }
      for (const line of report ? renderLoad(report, paint) : []) say(line);
      const answers = await Promise.all(
        push.questions.map((one) => ask(one, service(one.service).outputs, place.endpoint)),
      );
      for (const answer of answers) {
        urls.add(answer.url);
        say(renderAnswer(answer, paint));
      }
      const found = [...unexpected(push, view, answers), ...(report ? unexpectedOfLoad(push, report) : [])];
      for (const mismatch of found) say(paint.red(`not as expected: ${mismatch}`));
      mismatches.push(...found.map((mismatch) => `${name}, "${push.message}": ${mismatch}`));
    }
  }
  const last = await finale(place, `Act ${count} of ${count}`);
  played.push(...last.played);
  mismatches.push(...last.mismatches);
  say();
  for (const line of demoTable(await readRows(played, place), place.out.columns ?? WIDE)) say(line);
  return { mismatches, urls: [...urls] };
}

async function readyLoad(
  { load }: DemoPush,
  service: (path: string) => KnownService,
  { platform, endpoint }: DemoPlace,
): Promise<PlayedLoad | undefined> {
  if (!load) return undefined;
  const { outputs, functions } = service(load.service);
  const [base = endpoint] = localApiUrls(outputs, endpoint);
  const classify = (answer: LoadAnswer) => answererOf(load, answer);
  return await prepareLoad(load, {
    functions,
    aliases: platform.aliases,
    errors: platform.errors,
    startLoad: () => startLoad({ url: base + load.path, perSecond: REQUESTS_PER_SECOND, classify }),
    clock: SYSTEM_CLOCK,
  });
}

/** Where a push goes, and the load that continues during its release. */
interface PushPlace {
  readonly place: DemoPlace;
  readonly stage: DemoStageName;
  readonly load?: PlayedLoad;
}

/** The release of a push at its end, and what its load has seen. */
interface PlayedPush {
  readonly view: ReleaseView;
  readonly report?: LoadSighting;
}

async function playPush(push: DemoPush, { place, stage, load }: PushPlace): Promise<PlayedPush> {
  const { platform, shop, app, out } = place;
  const branch = DEMO_BRANCHES[stage];
  out.write(paintFor(out).dim(`\n$ git commit -m "${push.message}" && git push origin ${branch}\n`));
  await shop.switchTo(branch);
  const { commit, stat } = await shop.push(push);
  const shown = stat.length > MOST_FILES ? stat.slice(-1) : stat;
  out.write(shown.map((line) => `  ${line}\n`).join(''));
  const key = await findReleaseOf(platform.releases, { app, stage, commit });
  const display = progressDisplay(out);
  const onView = (view: ReleaseView) => {
    display.show(view);
    load?.onView(view);
  };
  try {
    const view = await followRelease(platform, key, { onView });
    return { view, report: await load?.end() };
  } finally {
    display.close();
  }
}

/** What the state table has of the releases, in the order in which they were played. */
async function readRows(played: readonly PlayedRelease[], { platform, app }: DemoPlace): Promise<readonly DemoRow[]> {
  const rows = await Promise.all(
    played.map(async ({ act, stage, id }) => {
      const key = { app, stage, id };
      const [record, services] = await Promise.all([platform.releases.find(key), platform.serviceStates.records(key)]);
      return record ? [{ act, record, services }] : [];
    }),
  );
  return rows.flat();
}
