import type { MadeFunction } from '../core/code-only/refuse-unfit';
import type { PlainInvoker } from '../core/code-only/tell-invokers';
import type { CodeSource } from '../core/deploy/packaged-code';

/** A function as Lambda describes it: `$LATEST`, or the version that a qualifier names. */
export interface FunctionReading {
  /** Version number, or `$LATEST`. */
  readonly version: string;
  /** Base64 SHA-256 of its zip, or hexadecimal digest of its image. */
  readonly codeSha256: string;
  /** Changes with every change of code or configuration; guards updates. */
  readonly revisionId: string;
  /** Digest of all but its code that a version keeps: equal for `$LATEST` and a version if that is configured alike. */
  readonly configuration: string;
  /**
   * Whether it is as it was asked for: `pending` while Lambda is at work on its creation or last update. An alias can
   * only be moved to a version that is ready.
   */
  readonly readiness: 'pending' | 'ready' | 'failed';
  /** Why it failed, in Lambda's own words, where there are any. */
  readonly failure?: string;
  /** ARN of its role. */
  readonly role: string;
  /** ARN of the queue or topic for events that it failed to process. */
  readonly deadLetterTarget?: string;
  /** What it is; absent of what is not known. */
  readonly made?: MadeFunction;
}

/** Where an alias points. */
export interface AliasReading {
  readonly version: string;
  /** Shares of the traffic, from 0 to 1, that go to other versions. */
  readonly weights: Readonly<Record<string, number>>;
}

/** A change of `$LATEST`'s code, to a bundle of the artifact repository or to an image. */
type CodeUpdate = CodeSource & {
  /** Physical name. */
  readonly name: string;
  /** If given, the update is refused when the function has changed since this revision was read. */
  readonly revisionId?: string;
  /** `version` publishes the new code, `nothing` leaves it in `$LATEST` only. */
  readonly publish: 'version' | 'nothing';
};

/** The outcome of an attempt to change or publish code. Refusals that a careful caller expects are not errors. */
export type CodeOutcome =
  | { readonly outcome: 'done'; readonly version: string; readonly codeSha256: string }
  /** The function changed since it was read; nothing was done. */
  | { readonly outcome: 'changed-since-read' }
  /** There is no such function. */
  | { readonly outcome: 'missing' }
  /** Lambda did not accept the code; `reason` is in its own words. */
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * The Lambda functions of one target. Methods throw ReleaseError `Throttled` if Lambda is busy, or still busy with an
 * earlier update, after all retries: the same step may be tried again.
 */
export interface Functions {
  /**
   * @param qualifier an alias or version; without it `$LATEST`
   * @returns undefined if there is no such function, version or alias
   */
  read(name: string, qualifier?: string): Promise<FunctionReading | undefined>;
  /** @returns undefined if there is no such function or alias */
  alias(name: string, alias: string): Promise<AliasReading | undefined>;
  /** @returns none if there is no such function */
  plainInvokers(name: string): Promise<readonly PlainInvoker[]>;
  updateCode(update: CodeUpdate): Promise<CodeOutcome>;
  /**
   * Publishes `$LATEST` if its code has this hash. If its code and configuration are published already, there is no new
   * version, and the answer is the existing one.
   */
  publish(name: string, codeSha256: string): Promise<CodeOutcome>;
  /**
   * Points an alias at one version for all of its traffic, and creates the alias if it is missing. Lambda is busy with
   * a version that is not ready.
   * @returns `missing` if there is no such function or version
   */
  moveAlias(name: string, move: { readonly alias: string; readonly version: string }): Promise<'moved' | 'missing'>;
}
