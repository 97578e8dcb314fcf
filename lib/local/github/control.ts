import * as z from 'zod';
import type { GitHubParts } from './api/parts';
import type { Faults } from './http/faults';
import { LIMITS } from './http/limits';

const PermissionsInput = z.record(z.string(), z.enum(['read', 'write', 'admin']));

/** What a test or the demo tells the double: who may come in, and what is to go wrong. Everything is optional. */
export const ControlInput = z.strictObject({
  /** Personal access tokens. Without permissions it is a classic one, which may do everything; without repositories it reaches all. */
  tokens: z
    .array(
      z.strictObject({
        token: z.string().min(1),
        login: z.string().min(1),
        permissions: PermissionsInput.optional(),
        repositories: z.array(z.string()).optional(),
        /** Seconds since 1970. */
        expires: z.number().optional(),
      }),
    )
    .default([]),
  /** Tokens that are worth nothing from now on. */
  revoke: z.array(z.string()).default([]),
  /** GitHub Apps, and where they are installed; an app that is known is changed. */
  apps: z
    .array(
      z.strictObject({
        id: z.number().int().positive(),
        slug: z.string().default('seedbed'),
        owner: z.string().default('seedbed'),
        publicKey: z.string(),
        permissions: PermissionsInput.default({}),
        events: z.array(z.string()).default([]),
        webhook: z.strictObject({ url: z.url(), secret: z.string().optional() }).optional(),
        installations: z
          .array(
            z.strictObject({
              id: z.number().int().positive().optional(),
              account: z.string(),
              /** Without: those of the app. */
              permissions: PermissionsInput.optional(),
              /** Full names; all of the account without. */
              repositories: z.array(z.string()).optional(),
              suspended: z.boolean().default(false),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  /** Ids of apps and of installations that are taken away. */
  removeApps: z.array(z.number()).default([]),
  uninstall: z.array(z.number()).default([]),
  /** Faults from now on; null or 0 ends one. */
  faults: z
    .strictObject({
      rateLimit: z
        .strictObject({ until: z.number(), status: z.union([z.literal(403), z.literal(429)]).optional() })
        .nullable(),
      secondaryLimit: z
        .strictObject({ retryAfter: z.number(), calls: z.number().int().positive().optional() })
        .nullable(),
      outage: z
        .strictObject({
          status: z.number().int().min(500).max(599),
          of: z.enum(['api', 'git']).optional(),
          calls: z.number().int().positive().optional(),
        })
        .nullable(),
      dropWebhooks: z.number().int().nonnegative(),
      webhookDelayMs: z.number().nonnegative(),
      delayMs: z.number().nonnegative(),
    })
    .partial()
    .default({}),
  /** Limits other than GitHub's. */
  limits: z
    .strictObject({
      treeEntries: z.number(),
      treeBytes: z.number(),
      payloadBytes: z.number(),
      callsPerHour: z.number(),
      webhookTimeoutMs: z.number(),
    })
    .partial()
    .default({}),
  /** First of all ends all faults and sets GitHub's own limits. */
  clear: z.boolean().default(false),
});

/** What is told, with everything that may be left out. */
export type Control = z.input<typeof ControlInput>;

/** What is answered: how the installations are numbered. */
export interface ControlAnswer {
  readonly installations: readonly { readonly id: number; readonly app: number; readonly account: string }[];
}

/** Does what is told. */
export function control(
  parts: GitHubParts & { readonly faults: Faults },
  told: z.output<typeof ControlInput>,
): ControlAnswer {
  const { tokens, apps, faults, limits } = parts;
  if (told.clear) {
    faults.clear();
    Object.assign(limits, LIMITS);
  }
  faults.set(told.faults);
  Object.assign(limits, told.limits);
  for (const { token, expires, ...caller } of told.tokens)
    tokens.add(token, { kind: 'user', ...caller, ...(expires === undefined ? {} : { expires: expires * 1000 }) });
  for (const token of told.revoke) tokens.revoke(token);
  for (const app of told.apps) addApp(parts, app);
  for (const id of told.uninstall) apps.uninstall(id);
  for (const id of told.removeApps) apps.remove(id);
  return { installations: apps.installations().map(({ id, appId, account }) => ({ id, app: appId, account })) };
}

function addApp({ apps, hooks, accounts }: GitHubParts, told: z.output<typeof ControlInput>['apps'][number]): void {
  const { webhook, installations, ...app } = told;
  apps.add(app);
  for (const { permissions = app.permissions, account, ...installation } of installations) {
    const { login } = accounts.get(account, 'Organization');
    apps.install({ appId: app.id, account: login, permissions, ...installation });
  }
  if (!webhook) return;
  const target = { kind: 'integration', id: app.id } as const;
  for (const { id } of hooks.of(target)) hooks.remove(id);
  const config = { ...webhook, content_type: 'json', insecure_ssl: '0' } as const;
  hooks.add(target, { active: true, events: app.events, config });
}
