import { ReleaseError } from '../core/errors';
import type { ServicePath } from '../core/release';

/** Replaces a text that stands exactly once in a file of `examples/shop`. */
export interface DemoEdit {
  /** Path from the root of the shop's repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** What to ask an API of the shop after a push, and what must stand in the answer. */
export interface DemoQuestion {
  readonly service: ServicePath;
  /** Path below the stage of the service's API. */
  readonly path: string;
  readonly expect: string;
}

/** A service that the plan picks, and what deploying it comes to; services not named are left out by the plan. */
export interface ExpectedService {
  readonly service: ServicePath;
  readonly decision: 'skip' | 'incremental' | 'full';
  /** Logical ids of the functions that an incremental deploy updates; empty for the other decisions. */
  readonly functions: readonly string[];
}

export interface DemoPush {
  /** The commit's message. */
  readonly message: string;
  readonly edits: readonly DemoEdit[];
  readonly outcome: 'succeeded' | 'failed';
  readonly services: readonly ExpectedService[];
  readonly questions: readonly DemoQuestion[];
}

export interface DemoAct {
  readonly name: string;
  /** One line for the person who watches. */
  readonly title: string;
  readonly pushes: readonly DemoPush[];
}

const CATALOG = 'services/catalog';
const ORDERS = 'services/orders';
const REPORTS = 'services/orders/reports';
const NOTIFICATIONS = 'services/notifications';

const full = (service: ServicePath): ExpectedService => ({ service, decision: 'full', functions: [] });
const skip = (service: ServicePath): ExpectedService => ({ service, decision: 'skip', functions: [] });
const incremental = (service: ServicePath, ...functions: string[]): ExpectedService => ({
  service,
  decision: 'incremental',
  functions,
});

/** The acts of `seedbed local demo`, in order: each push builds on the one before it. */
export const DEMO_ACTS: readonly DemoAct[] = [
  {
    name: 'first push',
    title: 'nothing is deployed yet: all services, in full',
    pushes: [
      {
        message: 'Open the shop',
        edits: [],
        outcome: 'succeeded',
        services: [full(CATALOG), full(NOTIFICATIONS), full(ORDERS), full(REPORTS)],
        questions: [
          { service: CATALOG, path: '/products', expect: '"headline":"Welcome to the shop"' },
          { service: NOTIFICATIONS, path: '/messages', expect: '"sender":"The shop <hello@shop.example>"' },
          { service: REPORTS, path: '/reports/latest', expect: '"title": "Nightly report"' },
        ],
      },
    ],
  },
  {
    name: 'one handler',
    title: 'a text in one handler: one service built, one function updated directly',
    pushes: [
      {
        message: 'Greet for spring',
        edits: [
          {
            file: 'services/catalog/src/list.ts',
            find: "const HEADLINE = 'Welcome to the shop';",
            replace: "const HEADLINE = 'Spring is here';",
          },
        ],
        outcome: 'succeeded',
        services: [incremental(CATALOG, 'ListLambdaFunction')],
        questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Spring is here"' }],
      },
    ],
  },
  {
    name: 'shared library',
    title: 'a file in libs/ concerns every service: all are built, only functions that use it are updated',
    pushes: [
      {
        message: 'Write the euro sign after the amount',
        edits: [
          {
            file: 'libs/money.ts',
            find: [
              '/** The amount as customers read it: `€12.50`. */',
              'export const format = (amount: Cents): string => `€${(amount / 100).toFixed(2)}`;',
            ].join('\n'),
            replace: [
              '/** The amount as customers read it: `12.50 €`. */',
              'export const format = (amount: Cents): string => `${(amount / 100).toFixed(2)} €`;',
            ].join('\n'),
          },
        ],
        outcome: 'succeeded',
        services: [
          incremental(CATALOG, 'GetLambdaFunction', 'ListLambdaFunction', 'PutLambdaFunction'),
          skip(NOTIFICATIONS),
          incremental(
            ORDERS,
            'CancelLambdaFunction',
            'ChargeLambdaFunction',
            'CreateLambdaFunction',
            'GetLambdaFunction',
          ),
          skip(REPORTS),
        ],
        questions: [{ service: CATALOG, path: '/products', expect: '"shipping":"free from 50.00 €"' }],
      },
    ],
  },
  {
    name: 'environment variable',
    title: 'a variable in one serverless.yml: that service in full, through CloudFormation',
    pushes: [
      {
        message: 'Send messages under a new name',
        edits: [
          {
            file: 'services/notifications/serverless.yml',
            find: 'SENDER: The shop <hello@shop.example>',
            replace: 'SENDER: The spring shop <spring@shop.example>',
          },
        ],
        outcome: 'succeeded',
        services: [full(NOTIFICATIONS)],
        questions: [
          {
            service: NOTIFICATIONS,
            path: '/messages',
            expect: '"sender":"The spring shop <spring@shop.example>"',
          },
        ],
      },
    ],
  },
  {
    name: 'broken template',
    title: 'a template that fails on deployment: rolled back, the old text is served; the next good push is in full',
    pushes: [
      {
        message: 'Announce vouchers',
        edits: [
          {
            file: 'services/catalog/src/list.ts',
            find: "const HEADLINE = 'Spring is here';",
            replace: "const HEADLINE = 'Vouchers are here';",
          },
          // Packages well; CloudFormation finds out that no stack exports this name.
          {
            file: 'services/catalog/serverless.yml',
            find: '    handler: dist/put.handler\n',
            replace: [
              '    handler: dist/put.handler',
              '    environment:',
              '      VOUCHERS_TABLE: !ImportValue shop-vouchers-table-${sls:stage}',
              '',
            ].join('\n'),
          },
        ],
        outcome: 'failed',
        services: [full(CATALOG)],
        questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Spring is here"' }],
      },
      {
        message: 'Announce vouchers without their table',
        edits: [
          {
            file: 'services/catalog/serverless.yml',
            find: '    environment:\n      VOUCHERS_TABLE: !ImportValue shop-vouchers-table-${sls:stage}\n',
            replace: '',
          },
        ],
        outcome: 'succeeded',
        services: [full(CATALOG)],
        questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Vouchers are here"' }],
      },
    ],
  },
];

/**
 * @param text the file as it stands
 * @returns the file with the edit made
 * @throws ReleaseError ConfigInvalid if the text to replace does not stand in it exactly once, so that no act passes
 *   because it changed nothing
 */
export function applyEdit(text: string, edit: DemoEdit): string {
  const [before, after, ...more] = text.split(edit.find);
  if (before === undefined || after === undefined || more.length > 0) {
    const found = after === undefined ? 'not found' : `found ${more.length + 1} times`;
    throw new ReleaseError(
      'ConfigInvalid',
      `examples/shop/${edit.file}: ${found}, but the demo replaces it once: ${JSON.stringify(edit.find)}; ` +
        'restore the example with git',
    );
  }
  return before + edit.replace + after;
}

/**
 * @param read gives a file's text by its path in the repository
 * @returns the changed files and their new texts; edits of one file build on each other
 */
export function applyEdits(read: (file: string) => string, edits: readonly DemoEdit[]): ReadonlyMap<string, string> {
  return edits.reduce(
    (files, edit) => files.set(edit.file, applyEdit(files.get(edit.file) ?? read(edit.file), edit)),
    new Map<string, string>(),
  );
}
