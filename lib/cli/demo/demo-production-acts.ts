import { type DemoAct, full, incremental } from './demo-act';
import { CATALOG, NOTIFICATIONS, ORDERS, REPORTS } from './demo-shop-services';

const LIST = 'services/catalog/src/list.ts';

/** The acts in the stage `prod`, where traffic moves in steps; each push builds on the one before it. */
export const PRODUCTION_ACTS: readonly DemoAct[] = [
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
    title: 'to prod, under load: it throws, an alarm stops the shift, all functions of the service return',
    stage: 'prod',
    pushes: [
      {
        message: 'Announce the sale with a slogan for everybody',
        edits: [
          // The pre-traffic hook sees nothing: it is the third request of an execution environment that finds no slogan.
          {
            file: LIST,
            find: "const HEADLINE = 'Summer is here';",
            replace: "const SLOGANS = ['The sale: half price', 'The sale: last days'];",
          },
          { file: LIST, find: 'headline: HEADLINE,', replace: 'headline: SLOGANS.shift()!.trim(),' },
          // Harmless; moves and returns with the other.
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
