import * as z from 'zod';
import { AwsError } from '../calls/aws-error';
import { AMOUNTS, type AmountName, type AmountQuota } from './amounts';
import { publishedRate, RATES, type RateName } from './rates';
import type { Rate } from './token-bucket';

export const RATE_NAMES = Object.keys(RATES) as RateName[];
export const AMOUNT_NAMES = Object.keys(AMOUNTS) as AmountName[];

/** An account that has been in use for long, or one that was opened lately, whose quotas AWS raises with time. */
export const ACCOUNT_KINDS = ['established', 'new'] as const;

const RateFigure = z.strictObject({ burst: z.number().min(0), perSecond: z.number().min(0) });
const shapeOf = <Name extends string, Figure extends z.ZodType>(names: readonly Name[], figure: Figure) =>
  Object.fromEntries(names.map((name) => [name, figure.optional()])) as Record<Name, z.ZodOptional<Figure>>;

/** Figures other than those that AWS gives, by the names of the quotas. */
const Figures = z.strictObject({
  ...shapeOf(RATE_NAMES, RateFigure),
  ...shapeOf(AMOUNT_NAMES, z.int().min(0)),
});

/** The quotas of a local cloud. */
export const QuotaSettings = z.strictObject({
  /** Whose figures hold where none is set; those of an account that has been in use for long if it is not given. */
  account: z.enum(ACCOUNT_KINDS).optional(),
  /** For all accounts. */
  figures: Figures.optional(),
  /** For single accounts, by account id; they go before those for all. */
  accounts: z.record(z.string().regex(/^\d{12}$/), Figures).optional(),
});
export type QuotaSettings = z.infer<typeof QuotaSettings>;

/** What the accounts of a local cloud may do and have: what AWS allows, unless it is set otherwise. */
export class AccountQuotas {
  constructor(private readonly settings: QuotaSettings = {}) {}

  /** @returns how fast an account may make the calls of a quota in a region. */
  rate(name: RateName, accountId: string, region: string): Rate {
    return this.#set(name, accountId) ?? publishedRate(name, region);
  }

  /** @returns how much an account may have. */
  amount(name: AmountName, accountId: string): number {
    return this.#set(name, accountId) ?? this.#published(name);
  }

  /**
   * What MiniStack's patches ask (`quotas.py`).
   * @returns the amounts of all accounts, those that differ for single ones, and with what more is refused
   */
  describeAmounts() {
    const amountsOf = (figures: z.infer<typeof Figures> | undefined) =>
      Object.fromEntries(
        AMOUNT_NAMES.flatMap((name) => (figures?.[name] === undefined ? [] : [[name, figures[name]]])),
      );
    const { accounts = {}, figures } = this.settings;
    const published = Object.fromEntries(AMOUNT_NAMES.map((name) => [name, this.#published(name)]));
    return {
      figures: { ...published, ...amountsOf(figures) },
      accounts: Object.fromEntries(Object.entries(accounts).map(([id, settings]) => [id, amountsOf(settings)])),
      errors: Object.fromEntries(AMOUNT_NAMES.map((name) => [name, AMOUNTS[name].error])),
    };
  }

  #set<Name extends RateName | AmountName>(name: Name, accountId: string) {
    return this.settings.accounts?.[accountId]?.[name] ?? this.settings.figures?.[name];
  }

  #published(name: AmountName): number {
    const { figure, inNewAccounts }: AmountQuota = AMOUNTS[name];
    return this.settings.account === 'new' ? (inNewAccounts ?? figure) : figure;
  }
}

/** @returns the error with which AWS refuses more than `figure`. */
export function quotaError(name: AmountName, figure: number): AwsError {
  const { code, status, message } = AMOUNTS[name].error;
  return new AwsError(code, message.replace('{figure}', String(figure)), status);
}
