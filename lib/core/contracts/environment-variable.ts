import * as z from 'zod';
import { ReleaseError } from './errors';
import { LIMITS } from './limits';

const NAME_RULE = 'write letters, digits and "_", not beginning with a digit, at most 128';
/** A name that every shell takes. */
export const VariableName = z.string(NAME_RULE).regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/);

/** A variable of a stage, as it is kept. */
export interface StageVariable {
  readonly name: string;
  /** Undefined for a secret, where values of secrets were not asked for. */
  readonly value: string | undefined;
  readonly secret: boolean;
  /** Counts how often it was set. */
  readonly version: number;
  /** ISO time. */
  readonly changedAt: string;
}

/** Variables that would break a build: its credentials, its programs, what Seedbed itself tells it, what loads code. */
const RESERVED =
  /^(AWS_.*|SEED_.*|SEEDBED_.*|CODEBUILD_.*|GIT_.*|LD_.*|DYLD_.*|BASH_.*|PATH|HOME|SHELL|ENV|IFS|PWD|CI|NODE_OPTIONS|NODE_PATH|SOURCE_DATE_EPOCH)$/i;

/** Bytes that a parameter takes. */
const MOST_BYTES = LIMITS.standardParameterValue.most;

/** @throws ReleaseError ConfigInvalid if no variable can have this name */
export function checkVariableName(name: string): void {
  if (!VariableName.safeParse(name).success) {
    throw invalid(`"${name}" cannot be the name of a variable; ${NAME_RULE}`);
  }
  if (RESERVED.test(name)) {
    throw invalid(`the name ${name} is reserved: builds need it as it is; choose another name`);
  }
}

/**
 * @throws ReleaseError ConfigInvalid if the value cannot be kept
 */
export function checkVariableValue(name: string, value: string): void {
  const bytes = new TextEncoder().encode(value).length;
  if (bytes === 0)
    throw invalid(`the value of ${name} is empty, and an empty value cannot be stored; remove the variable instead`);
  if (bytes > MOST_BYTES) {
    throw invalid(
      `the value of ${name} has ${bytes} bytes, and at most ${MOST_BYTES} can be stored; store it in Secrets ` +
        'Manager or S3, and its name here',
    );
  }
  if (value.includes('\0')) throw invalid(`the value of ${name} contains a zero byte, which no variable can`);
  if (value.includes('{{')) {
    throw invalid(
      `the value of ${name} contains "{{", which Parameter Store reads as a reference; encode it, in base64 for ` +
        'example',
    );
  }
}

const invalid = (message: string): ReleaseError => new ReleaseError('ConfigInvalid', message);
