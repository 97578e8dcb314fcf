// The rooms of the house and who may import whom: docs/architecture.md, "Rooms". Imports point downwards.
const AWS_CDK = '(^|/)node_modules/(aws-cdk-lib|constructs|cdk-nag)(/|$)';
const AWS_SDK = '(^|/)node_modules/@(aws-sdk|smithy)/';
const HANDLER = '^lambdas/[^/]+/[^/]*handler\\.ts$';
const DECLARATIONS = ['^lambdas/workers\\.ts$', '^lambdas/[^/]+/workers\\.ts$'];

/**
 * For each room, which other rooms it may import. Entry points (bin, bench, buildspec, lib/index.ts, lib/docs,
 * lib/distribution) may import all.
 */
const ROOMS = {
  'lib/core': [],
  'lib/ports': ['core'],
  'lib/config': ['core'],
  'lib/release': ['ports', 'core'],
  'lib/memory': ['ports', 'core'],
  'lib/github': ['ports', 'core'],
  'lib/aws': ['github', 'ports', 'config', 'core'],
  'lib/packager': ['ports', 'config', 'core'],
  'lib/constructs': ['core'],
  'lib/cli': ['aws', 'local', 'packager', 'ports', 'config', 'core'],
  lambdas: ['release', 'aws', 'ports', 'config', 'core'],
  'lib/infra': ['constructs', 'config', 'core'],
};

const only = ([room, others]) => ({
  name: `what ${room} may import`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: {
    path: '^(lib|lambdas|bin|bench|buildspec|test)/',
    pathNot: [
      `^${room}/`,
      ...others.map((other) => `^lib/${other}/`),
      ...(room === 'lib/infra' ? [...DECLARATIONS, '^buildspec/bundle\\.ts$'] : []),
    ],
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-folder-circles',
      comment: 'two folders that import each other are one room with a wall through it',
      severity: 'error',
      scope: 'folder',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(ROOMS).map(only),
    {
      name: 'no-step-imports-another',
      comment: 'what two steps need is in lib/release',
      severity: 'error',
      from: { path: '^lambdas/([^/]+)/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/$1/' },
    },
    {
      name: 'core-is-pure',
      comment: 'core decides: no AWS, CDK, file system, environment or clock',
      severity: 'error',
      from: { path: '^lib/core/' },
      to: { pathNot: ['^lib/core/', '(^|/)node_modules/(zod|picomatch)/', '^(node:)?(crypto|path/posix)$'] },
    },
    {
      name: 'ports-have-no-libraries',
      severity: 'error',
      from: { path: '^lib/ports/' },
      to: { pathNot: ['^lib/(ports|core)/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'the-local-cloud-stands-alone',
      comment: 'it could be taken out and used by another project: of the product it knows the errors',
      severity: 'error',
      from: { path: '^lib/local/' },
      to: {
        path: '^(lib|lambdas|bin|bench|buildspec|test)/',
        pathNot: ['^lib/local/', '^lib/core/contracts/errors\\.ts$'],
      },
    },
    {
      name: 'only-the-cli-knows-the-local-cloud',
      severity: 'error',
      from: { pathNot: ['^(bin|bench|test)/', '^lib/cli/', '^lib/local/'] },
      to: { path: '^lib/local/' },
    },
    {
      name: 'aws-sdk-only-in-adapters',
      comment: 'the SDK is known to the adapters, the local cloud and the demo, which does what a person would do',
      severity: 'error',
      from: { pathNot: ['^lib/(aws|local)/', '^lib/cli/demo/', '^(bench|test)/'] },
      to: { path: AWS_SDK },
    },
    {
      name: 'cdk-only-in-constructs',
      severity: 'error',
      from: { pathNot: ['^bin/app\\.ts$', '^lib/index\\.ts$', '^lib/(infra|constructs)/'] },
      to: { path: AWS_CDK },
    },
    {
      name: 'only-handlers-import-adapters',
      severity: 'error',
      from: { path: '^lambdas/', pathNot: HANDLER },
      to: { path: '^lib/(aws|github|memory)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
