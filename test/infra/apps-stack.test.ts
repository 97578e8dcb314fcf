import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

/** @returns a seedbed.yml with so many apps of so many stages each. */
const manyApps = (
  apps: number,
  stages: number,
  stackOf: (app: number) => string | undefined = () => undefined,
): string => {
  const stagesOf = Array.from({ length: stages }, (_, index) => `s${index}: { branches: [b${index}] }`).join(', ');
  const lines = Array.from({ length: apps }, (_, index) => {
    const stack = stackOf(index);
    const where = stack === undefined ? '' : `stack: ${stack}, `;
    return `  app-${index}: { ${where}repository: { codecommit: repository-${index} }, stages: { ${stagesOf} } }`;
  });
  return `apps:\n${lines.join('\n')}\n`;
};

const template = Template.fromStack(aPlatform().apps);

describe('the stack of the connected apps', () => {
  it('tells the workers of each app and its repository', () => {
    for (const app of ['shop', 'blog']) {
      template.hasResourceProperties('AWS::SSM::Parameter', { Name: `/seedbed/apps/${app}` });
      template.hasResourceProperties('AWS::SSM::Parameter', {
        Name: `/seedbed/repositories/codecommit/${app}`,
        Value: app,
      });
    }
  });

  it('builds each stage in a project of its own, with a role of its own', () => {
    const projects = Object.values(template.findResources('AWS::CodeBuild::Project'));
    expect(projects.map(({ Properties }) => Properties.Name).sort()).toEqual([
      'seedbed-blog_dev',
      'seedbed-shop_dev',
      'seedbed-shop_prod',
    ]);
    expect(new Set(projects.map(({ Properties }) => JSON.stringify(Properties.ServiceRole))).size).toBe(3);
  });

  it('keeps the names of projects apart where names of apps and stages run into each other', () => {
    const stage = '{ branches: [main] }';
    const yml = `
apps:
  a-b: { repository: { codecommit: one }, stages: { c: ${stage} } }
  a: { repository: { codecommit: two }, stages: { b-c: ${stage} } }
`;
    const projects = Template.fromStack(aPlatform({ text: yml }).apps).findResources('AWS::CodeBuild::Project');
    expect(new Set(Object.values(projects).map(({ Properties }) => Properties.Name)).size).toBe(2);
  });

  it('writes the lines of all builds into one log group, each stage into streams of its own', () => {
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      Name: 'seedbed-shop_prod',
      LogsConfig: { CloudWatchLogs: Match.objectLike({ Status: 'ENABLED', StreamName: 'shop/prod' }) },
    });
  });

  it('holds 50 apps of 3 stages each', () => {
    const { Resources } = Template.fromStack(aPlatform({ text: manyApps(50, 3) }).apps).toJSON();
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
    expect(Object.keys(Resources).length).toBeGreaterThanOrEqual(400);
  });

  it('refuses what no stack can hold, in words', () => {
    expect(() => aPlatform({ text: manyApps(50, 4) })).toThrow(
      /^seedbed\.yml: the 50 apps of stack SeedbedApps with 200 stages are 500 resources, .*"stack: b" in seedbed\.yml/,
    );
    expect(() => aPlatform({ text: manyApps(50, 4, () => 'b') })).toThrow('the 50 apps of stack SeedbedApps-b with');
  });
});

describe('further stacks of apps', () => {
  const platform = aPlatform({ text: manyApps(3, 1, (index) => ['b', undefined, 'c'][index]) });
  const projectsOf = (stack: Stack) =>
    Object.values(Template.fromStack(stack).findResources('AWS::CodeBuild::Project')).map(
      ({ Properties }) => Properties.Name,
    );

  it('have the apps that seedbed.yml puts there, and no others', () => {
    expect(projectsOf(platform.apps)).toEqual(['seedbed-app-1_s0']);
    const { b, c, ...more } = platform.furtherApps;
    expect([b, c].map((stack) => stack!.stackName)).toEqual(['SeedbedApps-b', 'SeedbedApps-c']);
    expect([projectsOf(b!), projectsOf(c!)]).toEqual([['seedbed-app-0_s0'], ['seedbed-app-2_s0']]);
    expect(more).toEqual({});
  });

  it('are deployed after the first, so that an app can move there', () => {
    for (const stack of Object.values(platform.furtherApps)) expect(stack.dependencies).toContain(platform.apps);
  });
});
