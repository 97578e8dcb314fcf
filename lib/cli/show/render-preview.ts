import type { StageKey } from '../../core/contracts/release';
import type { RollbackPreview, ServicePreview } from '../../core/contracts/rollback-preview';
import { type Paint, PLAIN } from './paint';
import { countReasons, MOST_ALONE, renderReasons } from './render-release';
import { table } from './table';

const INDENT = '    ';

/** @returns what a rollback would do, a line each. */
export function renderPreview(
  { to, stops, services }: RollbackPreview,
  { app, stage }: StageKey,
  paint: Paint = PLAIN,
): string[] {
  const ended = to.finishedAt ? `, ended ${to.finishedAt.slice(0, 16).replace('T', ' ')} UTC` : '';
  const moving = services.filter(({ how, problems }) => how !== 'nothing' || problems.length > 0);
  const problems = services.flatMap((service) => service.problems);
  const staying = services.filter((service) => !moving.includes(service));
  const alone = staying.length > MOST_ALONE ? staying : [];
  const isTold = (service: ServicePreview): boolean => !alone.includes(service);
  const problemsFirst = [...services].sort((a, b) => Number(b.problems.length > 0) - Number(a.problems.length > 0));
  return [
    `${paint.bold(`rollback to ${to.releaseId}`)}  ${app} → ${stage}, commit ${short(to.commit)}${ended}`,
    ...(stops ? [paint.yellow(`release ${stops} is running and would be stopped`)] : []),
    ...problemsFirst.filter(isTold).flatMap((service) => renderService(service, paint)),
    ...(alone.length > 0 ? [paint.dim(`  stays  ${alone.length} services: ${countReasons(alone)}`)] : []),
    problems.length > 0
      ? paint.red('this rollback is not possible; nothing was changed')
      : `${moving.length} of ${services.length} services would go back; nothing was changed`,
  ];
}

function renderService({ path, how, from, to, reasons, functions, problems }: ServicePreview, paint: Paint): string[] {
  if (how === 'nothing' && problems.length === 0) {
    return [paint.dim(`  stays  ${path}  ${renderReasons(reasons)}`)];
  }
  const why = reasons.filter(({ code }) => code !== 'rollback');
  const was = from ? `release ${from.releaseId} (${short(from.commit)})` : 'an unknown release';
  const will = to ? `release ${to.releaseId} (${short(to.commit)})` : '';
  return [
    `  ${paint.yellow('back')}   ${paint.bold(path)}  ${was} → ${will}`,
    ...(how === 'nothing' ? [] : [`${INDENT}${HOW[how]}: ${renderReasons(why)}`]),
    ...table(
      functions.map(({ logicalId, name, from, to }) => [
        logicalId,
        name,
        `version ${from ?? '–'} → ${to ?? 'a new one'}`,
      ]),
    ).map((line) => INDENT + INDENT + line),
    ...problems.map((problem) => `${INDENT}${paint.red('problem')}: ${problem}`),
  ];
}

const HOW = { aliases: 'aliases move', package: 'the stored package is deployed again' } as const;

const short = (commit: string): string => commit.slice(0, 7);
