import type { StageVariable } from '../core/contracts/environment-variable';
import type { StageOfApp } from '../core/contracts/stage-environment';

/** A variable to store. */
export interface VariableToSet {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The environments of stages. Each stage has its own variables; a made one also gets those of its template. */
export interface Environments {
  /**
   * @param options `secrets`: whether to read the values of secrets as well
   * @returns the stage's own variables, by name
   */
  list(stage: StageOfApp, options: { readonly secrets: boolean }): Promise<readonly StageVariable[]>;
  /** Sets variables, over what they were, and marks that the stage's environment changed. */
  set(stage: StageOfApp, variables: readonly VariableToSet[]): Promise<void>;
  /** Removes variables; @returns the names of those that were there. */
  remove(stage: StageOfApp, names: readonly string[]): Promise<readonly string[]>;
  /** @returns random text that only the stage's builds can read; undefined if nothing was ever set. */
  salt(stage: StageOfApp): Promise<string | undefined>;
}

/** Tells when environments have changed, and nothing of what is in them. */
export interface EnvironmentStamps {
  /** @returns text that changes with the environment that the stage's builds get; undefined if it never had one. */
  stamp(stage: StageOfApp): Promise<string | undefined>;
}

/** Removes what made stages had of their own, without reading any value. */
export interface EnvironmentRemover {
  /**
   * Removes all variables of a stage, and the mark of when they changed.
   * @returns how many variables there were
   */
  remove(stage: StageOfApp): Promise<number>;
}
