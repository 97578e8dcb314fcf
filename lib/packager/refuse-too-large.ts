import { ReleaseError } from '../core/contracts/errors';

/**
 * Bytes that the code of a function may have unpacked:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST_UNPACKED = 250 * 1024 * 1024;

/** A bundle of a function or a layer, and how large it is. */
interface SizedBundle {
  readonly kind: 'function' | 'layer' | 'asset';
  readonly logicalId: string;
  readonly bundle: { readonly unpackedSize: number };
}

/**
 * Refuses before anything is stored what Lambda would refuse. How large a zip is does not matter: Lambda takes 50 MB at
 * the most of one that is sent with the call, and Seedbed's lie in a bucket.
 *
 * @throws ReleaseError `PackageFailed` with all bundles that are too large
 */
export function refuseTooLarge(bundles: readonly SizedBundle[]): void {
  const problems = bundles.flatMap(({ kind, logicalId, bundle: { unpackedSize } }) =>
    kind === 'asset' || unpackedSize <= MOST_UNPACKED
      ? []
      : [
          `the code of ${kind} ${logicalId} has ${megabytes(unpackedSize)} MB unpacked, and Lambda takes ` +
            `${megabytes(MOST_UNPACKED)} of a function with its layers; leave out what it does not need, such as ` +
            'development dependencies',
        ],
  );
  if (problems.length > 0) throw new ReleaseError('PackageFailed', problems.join('\n'));
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 1024 / 1024);
