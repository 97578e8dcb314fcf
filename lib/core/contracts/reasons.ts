import * as z from 'zod';
import { wordOf } from './word-of';

/** Why a service is deployed or left alone by the plan. */
export const PLAN_REASONS = [
  'only-service',
  'files-changed',
  'parent-changed',
  'shared-files-changed',
  'package-changed',
  'read-files-changed',
  'first-release',
  'previous-release-failed',
  'forced',
  'change-check-off',
  'base-commit-unknown',
  'unchanged',
  'rollback',
  'not-deployed-then',
  'asked-for',
  'not-asked-for',
  'removed',
  'environment-changed',
  'held',
  'not-in-commit',
] as const;

/** Why a package is deployed in full, incrementally or not at all. */
export const DECISION_REASONS = [
  'first-release',
  'previous-release-failed',
  'forced',
  'state-unreadable',
  'template-changed',
  'config-changed',
  'environment-changed',
  'layer-changed',
  'asset-changed',
  'function-added',
  'function-removed',
  'function-changed-by-hand',
  'function-code-changed',
  'function-configuration-changed',
  'function-not-aliased',
  'no-functions',
  'incremental-not-enabled',
  'incremental-disabled-for-stage',
  'package-unchanged',
] as const;

/** A reason as stored, shown and sent: a code for programs, a sentence for people. */
export const Reason = z.object({
  code: wordOf([...new Set([...PLAN_REASONS, ...DECISION_REASONS])]),
  message: z.string(),
});
export type Reason = z.infer<typeof Reason>;
