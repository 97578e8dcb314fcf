import type { StackEvent } from '../core/contracts/stack-event';
import type { StackChange } from '../core/deploy/judge-changes';
import type { StackInputs } from '../core/deploy/stack-inputs';
import type { Template } from '../core/template/template';
import type { Json } from '../core/text/canonical-json';

/** A CloudFormation stack. */
export interface Stack {
  /** As CloudFormation writes it, for instance `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Values of the template's parameters, as far as they are told: `****` for one that is secret. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The names under which other stacks can import outputs. */
  readonly exports: readonly string[];
  /** Whether its deletion is refused. */
  readonly isProtected?: boolean;
}

/** A resource of a stack, as CloudFormation knows it. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** Name or ARN, as a Ref gives it; absent if it was never made. */
  readonly physicalId?: string;
  readonly status: string;
  /** Why it has that status. */
  readonly reason?: string;
}

/** What a stack should become; parameters that are not given have the template's default. */
export interface StackRequest extends Pick<StackInputs, 'tags'>, Partial<Omit<StackInputs, 'tags'>> {
  readonly name: string;
  /** Key of the rendered template in the artifact repository. */
  readonly template: string;
  /** Role that CloudFormation assumes. */
  readonly executionRoleArn: string;
  /** Whether its deletion is to be refused; `create` alone sees to that. */
  readonly terminationProtection?: boolean;
  /** Whether `foresee` is to look into the stacks that the stack holds, too; only it sees to that. */
  readonly nested?: boolean;
  /** Names the operation, which sent twice is still one; its events carry it. At most 128 letters, digits and `-`. */
  readonly token: string;
}

/** What CloudFormation says an update would do. */
export type ForeseenChanges =
  | {
      readonly status: 'foreseen';
      /**
       * Of resources that the stack has. With `nested` also of those in stacks that it holds, as
       * `<logical id of the stack>/<logical id>`; such a stack that CloudFormation could not look into may be replaced.
       */
      readonly changes: readonly StackChange[];
      /** Whether the stack is already what it should be. */
      readonly isUnchanged: boolean;
    }
  /** It takes some seconds. */
  | { readonly status: 'pending' }
  /** CloudFormation refuses the update. */
  | { readonly status: 'refused'; readonly reason: string };

/** The CloudFormation stacks of one target. */
export interface Stacks {
  /** @returns undefined if there is no such stack, or it was deleted. */
  describe(name: string): Promise<Stack | undefined>;
  /** @returns `exists` if a stack of that name already exists; then nothing was done. */
  create(request: StackRequest): Promise<'started' | 'exists'>;
  /** @returns `unchanged` if the stack is already what the request asks for. */
  update(request: StackRequest): Promise<'started' | 'unchanged'>;
  /** Asks CloudFormation what an update would do, without doing it; asked again, goes on with the same question. */
  foresee(request: StackRequest): Promise<void>;
  /** @returns what came of `foresee` */
  foreseen(request: Pick<StackRequest, 'name' | 'token' | 'nested'>): Promise<ForeseenChanges>;
  /** Does what `foresee` has foreseen. Run twice, it is done once. */
  doForeseen(request: Pick<StackRequest, 'name' | 'token' | 'disableRollback'>): Promise<void>;
  /** @param policy statements of the stack's policy */
  setPolicy(name: string, policy: readonly Json[]): Promise<void>;
  /** Makes the stack's deletion be refused, or not any more. */
  setProtection(name: string, isProtected: boolean): Promise<void>;
  /** Takes back a question that `foresee` asked. */
  forgetForeseen(request: Pick<StackRequest, 'name' | 'token'>): Promise<void>;
  /**
   * Makes CloudFormation cancel the update that is under way and roll it back. Does not wait for that.
   * @returns `not-updating` if there is no update to cancel: there is none, or a creation, or it is rolling back
   * already
   */
  cancelUpdate(name: string): Promise<'rolls-back' | 'not-updating'>;
  /** @returns `protected` if somebody has turned on the stack's termination protection; then nothing was done. */
  delete(
    name: string,
    operation: { readonly executionRoleArn: string; readonly token: string },
  ): Promise<'started' | 'protected'>;
  /**
   * @param exportName one of the target's exports
   * @returns the names of the stacks that import it, each of which keeps the stack that exports it; none if nobody does
   */
  importers(exportName: string): Promise<readonly string[]>;
  /**
   * @returns the names of all stacks of the target of which an operation is under way; of one that only cleans up after
   * an update, that is over. CloudFormation may tell of an operation a little late.
   */
  inProgress(): Promise<ReadonlySet<string>>;
  /**
   * @param after id of the last event already seen
   * @returns the operation's events, oldest first; undefined if there is no such stack
   */
  events(name: string, token: string, after?: string): Promise<readonly StackEvent[] | undefined>;
  /**
   * CloudFormation checks a template before it touches anything. What it finds is in no event of the stack.
   * @returns what it found wrong at the stack's last operation, as events of the resources
   */
  validationErrors(name: string): Promise<readonly StackEvent[]>;
  /**
   * @returns the template that the stack has now, as CloudFormation was given it; after a rollback, the one it went
   * back to. Undefined if there is no such stack, or if the template is not JSON, so not one of ours
   */
  template(name: string): Promise<Template | undefined>;
  /** @returns the physical names of the stack's Lambda functions by logical id. */
  functionNames(name: string): Promise<Readonly<Record<string, string>>>;
  /**
   * @returns the physical ids of all resources of the stack (names or ARNs, as a Ref gives them) by logical id; none if
   * there is no such stack
   */
  physicalIds(name: string): Promise<Readonly<Record<string, string>>>;
  /**
   * @param name of a stack, or its ARN
   * @returns the stack's resources that are not deleted; none if there is no such stack
   */
  resources(name: string): Promise<readonly StackResource[]>;
}
