// Imports point inward: entry points (bin, lambdas, lib/cli) → aws, memory → ports → core. See docs/architecture.md.
const AWS_CDK = '(^|/)node_modules/(aws-cdk-lib|constructs|cdk-nag)(/|$)';
const AWS_SDK = '(^|/)node_modules/@(aws-sdk|smithy)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'core decides: no AWS, CDK, file system, environment or clock',
      severity: 'error',
      from: { path: '^lib/core/' },
      to: { pathNot: ['^lib/core/', '(^|/)node_modules/(zod|picomatch)/', '^(node:)?(crypto|path/posix)$'] },
    },
    {
      name: 'ports-know-only-core',
      severity: 'error',
      from: { path: '^lib/ports/' },
      to: { pathNot: ['^lib/(ports|core)/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'aws-sdk-only-in-adapters',
      comment: 'the SDK is known to the adapters, the local cloud and the packager’s own upload through them',
      severity: 'error',
      from: { pathNot: ['^lib/aws/', '^lib/local/'] },
      to: { path: AWS_SDK },
    },
    {
      name: 'cdk-only-in-infra',
      severity: 'error',
      from: { pathNot: ['^bin/app\\.ts$', '^lib/infra/', '^lambdas/[^/]+/[^/]*function\\.ts$'] },
      to: { path: AWS_CDK },
    },
    {
      name: 'only-infra-imports-functions',
      severity: 'error',
      from: { pathNot: ['^lib/infra/', '^lambdas/[^/]+/[^/]*function\\.ts$'] },
      to: { path: '^lambdas/[^/]+/[^/]*function\\.ts$' },
    },
    {
      name: 'only-entry-points-know-adapters',
      severity: 'error',
      from: {
        pathNot: ['^bin/', '^lambdas/[^/]+/[^/]*handler\\.ts$', '^lib/(cli|aws|github|memory|local)/', '^buildspec/'],
      },
      to: { path: '^lib/(aws|github|memory)/' },
    },
    {
      name: 'only-the-cli-knows-the-local-cloud',
      severity: 'error',
      from: { pathNot: ['^bin/', '^lib/cli/', '^lib/local/'] },
      to: { path: '^lib/local/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
