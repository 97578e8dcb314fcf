import type { FoundKind } from '../contracts/service-kind';

/** The files that say what a service is, and how people call it. */
interface KindFiles {
  readonly title: string;
  /** In the order in which the kind's own tool looks for them. */
  readonly files: readonly string[];
  /** Those of `files` and what may stand for them in a directory that seed.yml gives this kind. */
  readonly named: readonly string[];
  /** In words. */
  readonly lookedFor: string;
}

const SERVERLESS_FILES = ['yml', 'yaml', 'json', 'js', 'mjs', 'cjs', 'ts'].map((ending) => `serverless.${ending}`);

/**
 * Where `sam build` looks:
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-build.html
 */
const SAM_FILES = ['template.yaml', 'template.yml', 'template.json'];

/** By kind, where it is found. */
export const KIND_FILES: Readonly<Record<FoundKind, KindFiles>> = {
  serverless: {
    title: 'the Serverless Framework',
    files: SERVERLESS_FILES,
    named: SERVERLESS_FILES,
    lookedFor: 'serverless.yml (or .yaml, .json, .js, .cjs, .mjs, .ts)',
  },
  sam: {
    title: 'AWS SAM',
    files: SAM_FILES,
    // Its configuration may name a template that is called otherwise.
    named: [...SAM_FILES, 'samconfig.toml', 'samconfig.yaml', 'samconfig.yml'],
    lookedFor: 'template.yaml (or .yml, .json) with "Transform: AWS::Serverless-2016-10-31"',
  },
};

/** What makes a directory a service, in words. */
export const LOOKED_FOR = Object.values(KIND_FILES)
  .map(({ lookedFor }) => lookedFor)
  .join(', or a ');

/** The CDK's: Seedbed does not deploy such apps, but a directory that has one may not be the service that it seems. */
export const CDK_FILE = 'cdk.json';
