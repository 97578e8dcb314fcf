import { useInstead } from '../../../core/text/nearest';
import { ACCOUNT_KINDS, AMOUNT_NAMES, type QuotaSettings, RATE_NAMES } from '../../../local/quotas/account-quotas';
import { UsageError } from '../../platform/run-command';

/** The quotas of a local cloud, as commander parses them. */
export interface QuotaOptions {
  readonly account?: string;
  readonly quota: readonly string[];
}

const FORM = 'write it as NAME=FIGURE, or ACCOUNT:NAME=FIGURE for one account';

/** Collects an option that may be given several times. */
export const collect = (one: string, before: readonly string[]): readonly string[] => [...before, one];

/**
 * @returns the quotas that the options of a command ask for; undefined if they ask for none
 * @throws UsageError if one does not exist, or its figure cannot be
 */
export function readQuotas({ account, quota }: QuotaOptions): QuotaSettings | undefined {
  if (account === undefined && quota.length === 0) return undefined;
  const figures: Record<string, unknown> = {};
  const accounts: Record<string, Record<string, unknown>> = {};
  for (const text of quota) {
    const [, id, name, figure] = /^(?:(\d{12}):)?([^=:]+)=(.*)$/.exec(text) ?? [];
    if (name === undefined || figure === undefined) throw new UsageError(`--quota: "${text}" is no quota; ${FORM}`);
    if (id !== undefined) accounts[id] ??= {};
    const of = id === undefined ? figures : accounts[id]!;
    of[name] = figureOf(name, figure);
  }
  return {
    ...(account !== undefined && { account: kindOf(account) }),
    ...(Object.keys(figures).length > 0 && { figures }),
    ...(Object.keys(accounts).length > 0 && { accounts }),
  };
}

function kindOf(account: string) {
  const kind = ACCOUNT_KINDS.find((one) => one === account);
  if (kind) return kind;
  throw new UsageError(`--account: there is no kind of account "${account}"; ${useInstead(account, ACCOUNT_KINDS)}`);
}

/** @returns the figure of a rate, `<burst>/<per second>` or one number for both, or of an amount. */
function figureOf(name: string, text: string) {
  const numbers = text.split('/').map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  const [first = Number.NaN, second = first] = numbers;
  const wrong = !numbers.every(Number.isSafeInteger);
  if ((RATE_NAMES as readonly string[]).includes(name)) {
    if (wrong || numbers.length > 2)
      throw new UsageError(`--quota: "${text}" is no rate; give ${name} as calls a second, or as BURST/A_SECOND`);
    if (first === 0 || second === 0)
      throw new UsageError(`--quota: with "${text}" calls of ${name} would be refused for ever; give at least 1`);
    return { burst: first, perSecond: second };
  }
  if (!(AMOUNT_NAMES as readonly string[]).includes(name)) {
    const all = [...RATE_NAMES, ...AMOUNT_NAMES];
    const otherwise = useInstead(name, all, { otherwise: 'docs/quotas.md has their names' });
    throw new UsageError(`--quota: there is no quota "${name}"; ${otherwise}`);
  }
  if (wrong || numbers.length > 1) throw new UsageError(`--quota: "${text}" is no figure; give ${name} as a number`);
  return first;
}
