import * as z from 'zod';
import type { GitHubParts } from './api/parts';
import type { Faults } from './http/faults';

const PermissionsInput = z.record(z.string(), z.enum(['read', 'write', 'admin']));

/** What a test or the demo asks of the double: whom it lets in, and what goes wrong. Everything is optional. */
export const ControlInput = z.strictObject({
  /**
   * Personal access tokens. One without permissions is a classic token, which may do everything; one without
   * repositories reaches all of them.
   */
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
  /** Tokens that are refused from now on. */
  revoke: z.array(z.string()).default([]),
  /** GitHub Apps, and where they are installed. A known app is changed. */
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
              /** The app's if not given. */
              permissions: PermissionsInput.optional(),
              /** Full names; all of the account's if not given. */
              repositories: z.array(z.string()).optional(),
              suspended: z.boolean().default(false),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  /** Ids of apps and of installations to remove. */
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
      apiLagMs: z.number().nonnegative(),
      delayMs: z.number().nonnegative(),
    })
    .partial()
    .default({}),
  /** Limits that replace GitHub's. */
  limits: z
    .strictObject({
      treeEntries: z.number(),
      treeBytes: z.number(),
      payloadBytes: z.number(),
      callsPerHour: z.number(),
      contentPerMinute: z.number(),
      contentPerHour: z.number(),
      webhookTimeoutMs: z.number(),
    })
    .partial()
    .default({}),
  /** Before all else, ends all faults and restores the usual limits. */
  clear: z.boolean().default(false),
});

/** The input, in which everything may be left out. */
export type Control = z.input<typeof ControlInput>;

/** The answer: the ids of all installations. */
export interface ControlAnswer {
  readonly installations: readonly { readonly id: number; readonly app: number; readonly account: string }[];
}

/** Does what a test or the demo asks for. */
export function control(
  parts: GitHubParts & { readonly faults: Faults },
  told: z.output<typeof ControlInput>,
): ControlAnswer {
  const { tokens, apps, faults, limits, usualLimits } = parts;
  if (told.clear) {
    faults.clear();
    Object.assign(limits, usualLimits);
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
