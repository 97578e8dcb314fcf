/** Rights of a token by area, as GitHub names them, such as `{ contents: 'read' }`. */
export type Permissions = Readonly<Record<string, 'read' | 'write' | 'admin'>>;

const RANK = { read: 1, write: 2, admin: 3 } as const;

/** @returns whether `granted` has all of `needed`. */
export const hasPermissions = (granted: Permissions, needed: Permissions): boolean =>
  Object.entries(needed).every(([area, level]) => {
    const have = area === 'metadata' ? (granted[area] ?? 'read') : granted[area];
    return have !== undefined && RANK[have] >= RANK[level];
  });

/** Alternative sets of rights, any of which suffices. Without any set, nothing is needed. */
export type Needs = readonly Permissions[];

/** As GitHub's header `x-accepted-github-permissions` lists them. */
export const describeNeeds = (needs: Needs): string =>
  needs
    .map((set) =>
      Object.entries(set)
        .map(([area, level]) => `${area}=${level}`)
        .join(','),
    )
    .join('; ');
