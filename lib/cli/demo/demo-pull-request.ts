import {
  CATALOG,
  DEMO_BRANCHES,
  type DemoQuestion,
  type ExpectedService,
  full,
  incremental,
  NOTIFICATIONS,
  ORDERS,
  REPORTS,
} from './demo-act';
import type { DemoEdit } from './demo-edits';

/** A commit of the pull request. */
export interface DemoCommit {
  readonly message: string;
  readonly edits: readonly DemoEdit[];
  readonly services: readonly ExpectedService[];
  readonly questions: readonly DemoQuestion[];
}

/**
 * The act of the pull request: opened, one commit more, closed. Its branch begins at the end of the development acts.
 */
export const PULL_REQUEST_ACT = {
  name: 'pull request',
  title: 'a stage of its own, kept up to date, reported on the pull request, removed when that is closed',
  into: DEMO_BRANCHES.dev,
  branch: 'gift-cards',
  requestTitle: 'Sell gift cards',
  opened: {
    message: 'Announce gift cards',
    edits: [
      {
        file: 'services/catalog/src/list.ts',
        find: "const HEADLINE = 'Vouchers are here';",
        replace: "const HEADLINE = 'Gift cards are coming';",
      },
    ],
    services: [full(CATALOG), full(NOTIFICATIONS), full(ORDERS), full(REPORTS)],
    questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Gift cards are coming"' }],
  },
  changed: {
    message: 'Sell gift cards from today',
    edits: [
      {
        file: 'services/catalog/src/list.ts',
        find: "const HEADLINE = 'Gift cards are coming';",
        replace: "const HEADLINE = 'Gift cards are here';",
      },
    ],
    services: [incremental(CATALOG, 'ListLambdaFunction')],
    questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Gift cards are here"' }],
  },
} as const satisfies {
  readonly [key: string]: string | DemoCommit;
};
