import * as z from 'zod';
import { Name, Repository } from './release';

/** What is examined, in the order in which one would fix it. */
const CHECKS = [
  'secret',
  'access',
  'repository',
  'permissions',
  'webhook',
  'branches',
  'rules',
  'builds',
  'lambda',
  'times',
] as const;

/** The result of one examination. */
export const Finding = z.object({
  check: z.enum(CHECKS),
  /** `warn`: it works, but not as well or as safely as it could. */
  level: z.enum(['ok', 'warn', 'fail']),
  /** What there is. */
  message: z.string(),
  /** What to do about it; absent if all is well, or if the message says that too. */
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** Input of the worker `doctor`. */
export const DoctorInput = z.object({ app: Name });

/** Output of the worker `doctor`: what stands between an app's repository and its releases, if anything does. */
export const Diagnosis = z.object({ app: Name, repository: Repository, findings: z.array(Finding) });
export type Diagnosis = z.infer<typeof Diagnosis>;

type Check = Finding['check'];

export const ok = (check: Check, message: string): Finding => ({ check, level: 'ok', message });
export const warn = (check: Check, message: string, fix?: string): Finding => ({ check, level: 'warn', message, fix });
export const fail = (check: Check, message: string, fix?: string): Finding => ({ check, level: 'fail', message, fix });
