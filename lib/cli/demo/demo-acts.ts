import { CATALOG, type DemoAct, full, incremental, NOTIFICATIONS, ORDERS, REPORTS, skip } from './demo-act';

const LIST = 'services/catalog/src/list.ts';

/** The acts in the stage `dev`, where all traffic moves at once; each push builds on the one before it. */
const DEVELOPMENT_ACTS: readonly DemoAct[] = [
  {
    name: 'first push',
    title: 'nothing is deployed yet: all services, in full',
    stage: 'dev',
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
    stage: 'dev',
    pushes: [
      {
        message: 'Greet for spring',
        edits: [
          {
            file: LIST,
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
    stage: 'dev',
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
    stage: 'dev',
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
    stage: 'dev',
    pushes: [
      {
        message: 'Announce vouchers',
        edits: [
          {
            file: LIST,
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

/** The acts in the stage `prod`, where traffic moves in steps. */
const PRODUCTION_ACTS: readonly DemoAct[] = [
  {
    name: 'gradual shift',
    title: 'to prod, under load: the new version gets 10 % of the requests, and 10 % more at each step',
    stage: 'prod',
    pushes: [
      {
        message: 'Open to customers',
        edits: [
          { file: LIST, find: "const HEADLINE = 'Vouchers are here';", replace: "const HEADLINE = 'We are open';" },
        ],
        outcome: 'succeeded',
        services: [full(CATALOG), full(NOTIFICATIONS), full(ORDERS), full(REPORTS)],
        questions: [{ service: CATALOG, path: '/products', expect: '"headline":"We are open"' }],
      },
      {
        message: 'Greet for summer',
        edits: [{ file: LIST, find: "const HEADLINE = 'We are open';", replace: "const HEADLINE = 'Summer is here';" }],
        outcome: 'succeeded',
        services: [incremental(CATALOG, 'ListLambdaFunction')],
        questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Summer is here"' }],
        load: {
          service: CATALOG,
          path: '/products',
          logicalId: 'ListLambdaFunction',
          oldText: '"headline":"We are open"',
          newText: '"headline":"Summer is here"',
          ends: 'new',
        },
      },
    ],
  },
  {
    name: 'bad version',
    title:
      'to prod, under load: the new version throws, an alarm stops the shift, all functions of the service go back',
    stage: 'prod',
    pushes: [
      {
        message: 'Announce the sale with a slogan for everybody',
        edits: [
          // The pre-traffic hook sees nothing: only the third request of an execution environment finds no slogan.
          {
            file: LIST,
            find: "const HEADLINE = 'Summer is here';",
            replace: "const SLOGANS = ['The sale: half price', 'The sale: last days'];",
          },
          { file: LIST, find: 'headline: HEADLINE,', replace: 'headline: SLOGANS.shift()!.trim(),' },
          // Harmless; moves and goes back with the other.
          {
            file: 'services/catalog/src/model/product.ts',
            find: '({ ...product, price: format(product.price) })',
            replace: '({ ...product, price: format(product.price), sale: true })',
          },
        ],
        outcome: 'failed',
        services: [{ ...incremental(CATALOG), error: 'ShiftFailed' }],
        questions: [{ service: CATALOG, path: '/products', expect: '"headline":"Summer is here"' }],
        load: {
          service: CATALOG,
          path: '/products',
          logicalId: 'ListLambdaFunction',
          oldText: '"headline":"Summer is here"',
          newText: '"headline":"The sale:',
          ends: 'old',
        },
      },
    ],
  },
];

/** The acts of `seedbed local demo`, in order. */
export const DEMO_ACTS: readonly DemoAct[] = [...DEVELOPMENT_ACTS, ...PRODUCTION_ACTS];
