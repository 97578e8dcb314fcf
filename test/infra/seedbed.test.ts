import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as published from '../../lib/index';
import { Seedbed } from '../../lib/index';
import { ASSEMBLIES } from './synthesise';

const ONE_APP = 'apps: { shop: { repository: { codecommit: shop }, stages: { dev: {} } } }\n';

let directory: string;
beforeAll(() => {
  process.env.CDK_VALIDATION = 'false'; // it takes seconds
  mkdirSync(ASSEMBLIES, { recursive: true });
  directory = mkdtempSync(join(ASSEMBLIES, 'seedbed-'));
});

const file = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};
/** Without bundling: what is asked here is not what the workers are. */
const anApp = (context: object = {}): App =>
  new App({
    analyticsReporting: false,
    outdir: mkdtempSync(join(directory, 'assembly-')),
    context: { 'aws:cdk:bundling-stacks': [], empty: 'true', ...context },
  });
const projects = (seedbed: Seedbed): string[] =>
  Object.values(Template.fromStack(seedbed.apps).findResources('AWS::CodeBuild::Project')).map(
    ({ Properties }) => Properties.Name,
  );

describe('what the npm package exports', () => {
  it('is the platform, and nothing else', () => {
    expect(Object.keys(published)).toEqual(['Seedbed']);
  });
});

describe('Seedbed', () => {
  it('adds its stacks to the app itself, so that their names are those of every version', () => {
    const app = anApp();
    const { platform, apps, furtherApps, target, otherTargets } = new Seedbed(app, { config: file('empty.yml', '') });
    expect([platform, apps, target].map(({ node, stackName }) => [node.path, stackName])).toEqual([
      ['Seedbed', 'Seedbed'],
      ['SeedbedApps', 'SeedbedApps'],
      ['SeedbedTarget', 'SeedbedTarget'],
    ]);
    expect([furtherApps, otherTargets]).toEqual([{}, {}]);
    expect(app.node.children).toEqual([platform, apps, target]);
  });

  it('reads seedbed.yml where it is told', () => {
    expect(projects(new Seedbed(anApp(), { config: file('one.yml', ONE_APP) }))).toEqual(['seedbed-shop_dev']);
  });

  it('reads the one that the context names, if it does: a local cloud has its own', () => {
    const app = anApp({ config: file('one.yml', ONE_APP) });
    expect(projects(new Seedbed(app, { config: file('empty.yml', '') }))).toEqual(['seedbed-shop_dev']);
  });

  it('keeps state for good, but on a local cloud', () => {
    const policies = (context: object) =>
      Object.entries(
        Template.fromStack(new Seedbed(anApp(context)).platform).findResources('AWS::DynamoDB::GlobalTable'),
      ).map(([id, { DeletionPolicy }]) => `${id.slice(0, 5)}: ${DeletionPolicy}`);
    // What is in the table of calls is of worth for seconds.
    expect(policies({})).toEqual(['State: Retain', 'Calls: Delete']);
    expect(policies({ local: 'true' })).toEqual(['State: Delete', 'Calls: Delete']);
  });

  it('takes tags of the team', () => {
    const app = anApp();
    const { target } = new Seedbed(app);
    Tags.of(app).add('owner', 'platform-team');
    Template.fromStack(target).hasResourceProperties('AWS::IAM::Role', {
      Tags: [{ Key: 'owner', Value: 'platform-team' }],
    });
  });

  it('refuses to make a platform without apps because nobody said which, unless that is asked for', () => {
    expect(() => new Seedbed(anApp({ empty: undefined }))).toThrow(
      'there is no seedbed.yml in this directory; go where it is, write it with "npx seedbed init", or, for a platform ' +
        'without any app, give -c empty=true',
    );
    expect(projects(new Seedbed(anApp({ empty: true })))).toEqual([]);
  });

  it('says which file is not there, without a trace of our code', () => {
    const make = () => new Seedbed(anApp(), { config: 'no/seedbed.yml' });
    expect(make).toThrow('there is no file no/seedbed.yml, which `config` names; write it, or name another one');
    expect(make).toThrow(expect.objectContaining({ stack: expect.not.stringContaining('    at ') }));
  });

  it('says what to name instead of a directory, without a trace of our code', () => {
    const given = () => new Seedbed(anApp(), { config: __dirname });
    expect(given).toThrow(`${__dirname}, which \`config\` names, is a directory; name a file`);
    expect(given).toThrow(expect.objectContaining({ stack: expect.not.stringContaining('    at ') }));
    expect(() => new Seedbed(anApp({ config: __dirname }))).toThrow(
      `${__dirname}, which the context "config" names, is a directory; name a file`,
    );
  });
});
