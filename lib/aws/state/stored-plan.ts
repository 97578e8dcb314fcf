import { gunzipSync, gzipSync } from 'node:zlib';
import { ReleaseError } from '../../core/contracts/errors';
import { Plan } from '../../core/contracts/state';
import { fitPlan } from '../../core/plan/fit-plan';
import { jsonBytes } from '../../core/text/fit-bytes';

/**
 * An item of DynamoDB has 400 KB. Beside the plan it has the release, with up to 60 KB of names of services that
 * somebody asked for, and the reason of its end.
 */
const MOST_BYTES = 250_000;
/** More than any plan has; what would unpack to more than memory holds was not written by us. */
const MOST_UNPACKED = 64 * 1024 * 1024;

/** A plan as an item of the state table holds it: as it is, or packed if it is too long for that. */
export type StoredPlan = { readonly plan: Plan } | { readonly planPacked: Uint8Array };

/**
 * Packed, the plan of 5,000 services fits with all of its reasons; only where even that is too long are they told more
 * briefly.
 *
 * @throws ReleaseError `ConfigInvalid` if there are more services than an item can hold at all
 */
export function storedPlan(plan: Plan): StoredPlan {
  if (jsonBytes(plan) <= MOST_BYTES) return { plan };
  const planPacked = pack(fitPlan(plan, MOST_BYTES, (fitted) => pack(fitted).length));
  if (planPacked.length <= MOST_BYTES) return { planPacked };
  const count = plan.phases.flat().length + plan.skip.length;
  const message =
    `the commit has ${count} services, whose paths are ${planPacked.length} bytes when packed, and ${MOST_BYTES} can ` +
    'be kept of a plan; list fewer under "services" in seed.yml, or split the repository';
  throw new ReleaseError('ConfigInvalid', message);
}

/**
 * @param item of a release in the state table
 * @returns it with its plan, however that is stored
 */
export function withPlan(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { planPacked, ...others } = item;
  if (!(planPacked instanceof Uint8Array)) return item;
  const text = gunzipSync(planPacked, { maxOutputLength: MOST_UNPACKED }).toString();
  return { ...others, plan: Plan.parse(JSON.parse(text)) };
}

const pack = (plan: Plan): Uint8Array => gzipSync(JSON.stringify(plan));
