import { PACE } from '../../../local/pace/pace';
import { AMOUNTS, type AmountQuota } from '../../../local/quotas/amounts';
import { RATES, type RateQuota } from '../../../local/quotas/rates';
import type { Rate } from '../../../local/quotas/token-bucket';

/** @returns the tables of the local cloud's quotas and of its pace, for docs/quotas.md. */
export const quotasTables = (): Readonly<Record<'rates' | 'amounts' | 'pace', string>> => ({
  rates: table(
    ['name', 'calls', 'at once, then a second', 'in small regions', 'source'],
    Object.entries<RateQuota>(RATES).map(([name, { service, operations, rate, smallRegions, source }]) => [
      `\`${name}\``,
      operations === 'others' ? `all others of \`${service}\` but invocations` : operations.join(', '),
      told(rate),
      smallRegions && told(smallRegions) !== told(rate) ? told(smallRegions) : '',
      linkTo(source),
    ]),
  ),
  amounts: table(
    ['name', 'figure', 'in new accounts', 'error', 'source'],
    Object.entries<AmountQuota>(AMOUNTS).map(([name, { figure, inNewAccounts, error, source }]) => [
      `\`${name}\``,
      figure.toLocaleString('en'),
      inNewAccounts === undefined ? '' : inNewAccounts.toLocaleString('en'),
      error.code === '' ? String(error.status) : `\`${error.code}\``,
      linkTo(source),
    ]),
  ),
  pace: paceTable(),
});

const paceTable = (): string =>
  table(
    ['name', 'what takes so long', "at AWS's pace, in milliseconds"],
    Object.entries(PACE).map(([name, { of, aws }]) => [`\`${name}\``, of, aws.toLocaleString('en')]),
  );

const told = ({ burst, perSecond }: Rate): string => `${burst}, ${perSecond}`;
const linkTo = (page: string): string => `[${new URL(page).hostname.replace('www.', '')}](${page})`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
