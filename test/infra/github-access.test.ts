import { Template } from 'aws-cdk-lib/assertions';
import { aPlatform } from './synthesise';

const GITHUB = '{ github: Acme/shop }';
const CODE_COMMIT = '{ codecommit: blog }';
const stacksOf = (...repositories: string[]) => {
  const apps = repositories.map(
    (repository, index) => `  app${index}: { repository: ${repository}, stages: { dev: { branches: [main] } } }`,
  );
  const text = `github: { apiUrl: https://github.acme.example/api/v3, secret: acme/git }\napps:\n${apps.join('\n')}\n`;
  const { platform, apps: connected } = aPlatform({ text });
  return { platform: Template.fromStack(platform), connected: Template.fromStack(connected) };
};
const templateOf = (...repositories: string[]) => stacksOf(...repositories).platform;

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}
const statements = (template: Template): Statement[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
const withAction = (template: Template, service: string): Statement[] =>
  statements(template).filter(({ Action }) => [Action].flat().some((action) => action.startsWith(`${service}:`)));

/** The handlers of workers with a variable. */
const workersWith = (template: Template, variable: string): string[] =>
  Object.values(template.findResources('AWS::Lambda::Function'))
    .filter(({ Properties }) => Properties.Environment?.Variables[variable] !== undefined)
    .map(({ Properties }) => String(Properties.Handler).replace('.handler', ''))
    .sort();

describe('a platform with a repository on GitHub', () => {
  const { platform: template, connected } = stacksOf(GITHUB, CODE_COMMIT);

  it('lets workers that read repositories read the secret with the access, and no other one', () => {
    const rights = withAction(template, 'secretsmanager');
    expect(rights.length).toBe(workersWith(template, 'GITHUB_SECRET').length);
    for (const { Action, Resource } of rights) {
      expect(Action).toBe('secretsmanager:GetSecretValue');
      expect(JSON.stringify(Resource)).toMatch(/:secretsmanager:eu-central-1:111122223333:secret:acme\/git-\?{6}"/);
    }
  });

  it('tells them where GitHub is', () => {
    expect(workersWith(template, 'GITHUB_API_URL')).toEqual(
      expect.arrayContaining(['plan', 'webhook', 'start', 'start-build']),
    );
    expect(workersWith(template, 'GITHUB_API_URL')).toEqual(workersWith(template, 'GITHUB_SECRET'));
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { GITHUB_API_URL: 'https://github.acme.example/api/v3', GITHUB_SECRET: 'acme/git' } },
    });
  });

  it('gives no right to a repository of CodeCommit by the name of one on GitHub', () => {
    const rights = JSON.stringify(withAction(template, 'codecommit').map(({ Resource }) => Resource));
    expect(rights).toContain(':blog');
    expect(rights).not.toMatch(/shop/i);
    expect(
      Object.values(template.findResources('AWS::Events::Rule')).filter(({ Properties }) =>
        JSON.stringify(Properties).includes('aws.codecommit'),
      ),
    ).toHaveLength(1);
  });

  it('lets the workers that keep credentials for cloning do that, for the apps on GitHub', () => {
    const keepers = statements(template).filter(({ Action }) => [Action].flat().includes('ssm:PutParameter'));
    expect(keepers).toHaveLength(2); // plan, start-build
    for (const { Action, Resource } of keepers) {
      expect(Action).toEqual(['ssm:GetParameter', 'ssm:PutParameter']);
      expect(JSON.stringify(Resource)).toMatch(/parameter\/seedbed\/clone\/app0\/\*"/);
    }
  });

  it('finds the app by the name of its repository in lower case', () => {
    connected.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/seedbed/repositories/github/acme/shop',
      Value: 'app0',
    });
  });
});

describe('a platform without one', () => {
  it('lets no worker read a secret', () => {
    expect(withAction(templateOf(CODE_COMMIT), 'secretsmanager')).toEqual([]);
  });
});

describe('a platform with repositories on GitHub only', () => {
  it('has no right to CodeCommit', () => {
    expect(withAction(templateOf(GITHUB), 'codecommit')).toEqual([]);
  });
});

describe('workers that read the configuration of apps', () => {
  it('read no other parameters: not the environment of stages, and no credentials', () => {
    const policies = Object.values(templateOf(GITHUB).findResources('AWS::IAM::Policy'));
    const rights = policies
      .filter(({ Properties }) => /^TriggerWorkers(Push|Start|Webhook|Doctor)Role/.test(Properties.Roles[0].Ref))
      .flatMap(({ Properties }): Statement[] => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => action.startsWith('ssm:')));
    expect(rights).toHaveLength(4);
    for (const { Resource } of rights) {
      for (const resource of [Resource].flat()) {
        expect(JSON.stringify(resource)).toMatch(/parameter\/seedbed\/(apps|apps\/\*|repositories\/\*)"/);
      }
    }
  });
});
