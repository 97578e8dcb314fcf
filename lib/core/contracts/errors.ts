/**
 * Every error a release can stop with, by its code. `retry` says whether the same step may succeed when it is run again
 * with the same input; the state machines take their Retry lists from here, so code and state machine share the names.
 */
const CODES = {
  ConfigInvalid: { retry: false },
  AppNotFound: { retry: false },
  StageNotFound: { retry: false },
  ServiceNotFound: { retry: false },
  NoServiceFound: { retry: false },
  CommitNotFound: { retry: false },
  BranchNotFound: { retry: false },
  RepositoryNotFound: { retry: false },
  ReleaseSuperseded: { retry: false },
  InstallFailed: { retry: false },
  HookFailed: { retry: false },
  PackageFailed: { retry: false },
  FrameworkUnsupported: { retry: false },
  BuildFailed: { retry: false },
  BuildTimedOut: { retry: false },
  BuildStopped: { retry: false },
  /** What the build runs asked for a right that the stage does not grant its builds. */
  BuildAccessDenied: { retry: false },
  ManifestInvalid: { retry: false },
  StateUnreadable: { retry: false },
  BundleMissing: { retry: false },
  BundleCorrupt: { retry: false },
  TemplateInvalid: { retry: false },
  TemplateTooLarge: { retry: false },
  /** A role of the service has another permissions boundary than those of the target must have. */
  BoundaryRefused: { retry: false },
  TargetAccessDenied: { retry: false },
  StackNameTaken: { retry: false },
  /** A stack update would remove or replace what holds data. */
  StatefulChange: { retry: false },
  /** The take-over of a stack would change its public addresses. */
  AddressChange: { retry: false },
  StackFailed: { retry: false },
  StackStuck: { retry: false },
  StackBusy: { retry: true },
  FunctionMissing: { retry: false },
  FunctionChangedByHand: { retry: false },
  FunctionUpdateFailed: { retry: false },
  VersionMissing: { retry: false },
  ShiftFailed: { retry: false },
  ShiftRefused: { retry: false },
  ShiftBusy: { retry: true },
  AlarmMissing: { retry: false },
  AlarmActive: { retry: false },
  RollbackImpossible: { retry: false },
  RollbackRunning: { retry: false },
  ServiceFailed: { retry: false },
  Throttled: { retry: true },
  /** A service of AWS is broken or cannot be reached, and was not either in the attempts before. */
  ServiceUnavailable: { retry: true },
  LocalCloudFailed: { retry: false },
  PlatformNotFound: { retry: false },
  ReleaseNotFound: { retry: false },
  ReleaseUnfinished: { retry: false },
  PushFailed: { retry: false },
  TagNotFound: { retry: false },
  /** The host of repositories refuses us: a revoked App, a token that expired or lacks a permission. */
  SourceAccessDenied: { retry: false },
  /** The host of repositories does not answer, or limits our calls. */
  SourceUnavailable: { retry: true },
  /** A build could not reach the host of repositories for some minutes. */
  CloneUnavailable: { retry: false },
  /** The name of a connected repository leads to another one now. */
  RepositoryReplaced: { retry: false },
  SecretMissing: { retry: false },
  /** Passes when other builds end: not a fault, and no reason to give up soon. */
  BuildQueueFull: { retry: true },
  /** The account may run no build of that size at all: waiting does not help. */
  BuildQuotaZero: { retry: false },
  BuildComputeRefused: { retry: false },
  StageRemovalIncomplete: { retry: false },
  NothingToCancel: { retry: false },
  NothingFailed: { retry: false },
  /** A call of the door has an input that it does not take. */
  CallInvalid: { retry: false },
  /** IAM does not let the caller make a call of the door. */
  CallRefused: { retry: false },
} as const satisfies Record<string, { readonly retry: boolean }>;

export type ErrorCode = keyof typeof CODES;

/** An error that a user can act on: its message says what, where and what to do. Anything else thrown is our bug. */
export class ReleaseError extends Error {
  /**
   * @param code what kind of error; becomes `name`, on which Step Functions matches Retry and Catch
   * @param message lower case; what is wrong, where (file, key, value) and how to mend it
   */
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
  }
}

/** @returns the codes of all errors. */
export const errorCodes = (): readonly ErrorCode[] => Object.keys(CODES) as ErrorCode[];

/** @returns the codes after which the same step may be tried again. */
export const retryableCodes = (): readonly ErrorCode[] => errorCodes().filter((code) => CODES[code].retry);

/** @returns whether `name` is one of our codes (and so its message is meant for users). */
export const isErrorCode = (name: string): name is ErrorCode => Object.hasOwn(CODES, name);
