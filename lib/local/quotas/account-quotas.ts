import * as z from 'zod';
import { publishedRate, RATES, type RateName } from './rates';
import type { Rate } from './token-bucket';

const RATE_NAMES = Object.keys(RATES) as RateName[];

const figureOfRate = z.strictObject({ burst: z.number().min(0), perSecond: z.number().min(0) });

/** Figures other than those that AWS gives, by the names of the quotas. */
const Figures = z.partialRecord(z.enum(RATE_NAMES), figureOfRate);

/** The quotas of a local cloud. */
export const QuotaSettings = z.strictObject({
  /** For all accounts. */
  figures: Figures.optional(),
  /** For single accounts, by account id; they go before those for all. */
  accounts: z.record(z.string().regex(/^\d{12}$/), Figures).optional(),
});
export type QuotaSettings = z.infer<typeof QuotaSettings>;

/** What the accounts of a local cloud may do: what AWS allows, unless it is set otherwise. */
export class AccountQuotas {
  constructor(private readonly settings: QuotaSettings = {}) {}

  /** @returns how fast an account may make the calls of a quota in a region. */
  rate(name: RateName, accountId: string, region: string): Rate {
    const { accounts, figures } = this.settings;
    return accounts?.[accountId]?.[name] ?? figures?.[name] ?? publishedRate(name, region);
  }
}
