import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ensureVenv } from '../../lib/local/emulator/python-venv';
import { ACKNOWLEDGED } from './acknowledged';
import { aPlatform } from './synthesise';

/** All there is: a webhook of GitHub, notifications, and a target in an account of its own. */
const WHOLE = `
targets:
  production: { account: '444455556666' }
apps:
  shop:
    repository: { github: acme/shop }
    stages: { dev: { branches: [main] }, prod: { branches: [release], target: production } }
  blog: { repository: { codecommit: blog }, stages: { dev: { branches: [main] } } }
notifications:
  - { webhook: seedbed/slack, format: slack }
`;
const STACKS = ['Seedbed', 'SeedbedApps', 'SeedbedTarget', 'SeedbedTarget-444455556666'];

interface Finding {
  readonly rule: string;
  readonly construct: string;
}

type Violation = { ruleName: string; violatingConstructs: { constructPath: string }[] };

describe('the synthesised platform', () => {
  let directory: string;

  beforeAll(() => {
    const { app } = aPlatform({ text: WHOLE, validate: true });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    // Findings fail the synthesis, once all templates and a report of the findings have been written.
    expect(() => app.synth()).toThrow();
    directory = app.outdir;
  });

  const nagFindings = (): readonly Finding[] => {
    const { pluginReports } = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8'));
    return pluginReports.flatMap(({ violations }: { violations: Violation[] }) =>
      violations.flatMap(({ ruleName, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, construct: constructPath })),
      ),
    );
  };

  it('has no finding of cdk-nag but those acknowledged with a reason, and all of those', () => {
    const findings = nagFindings();
    for (const stack of STACKS) {
      expect(findings).toContainEqual(
        expect.objectContaining({ construct: expect.stringMatching(new RegExp(`^${stack}/`)) }),
      );
    }
    const matches = ({ rule, construct }: Finding, known: (typeof ACKNOWLEDGED)[number]): boolean =>
      known.rule.test(rule) && known.construct.test(construct);
    expect(findings.filter((finding) => !ACKNOWLEDGED.some((known) => matches(finding, known)))).toEqual([]);
    expect(ACKNOWLEDGED.filter((known) => !findings.some((finding) => matches(finding, known)))).toEqual([]);
  });

  it('passes cfn-lint', async () => {
    const python = await ensureVenv({
      directory: join(__dirname, '../../.seedbed/lint-venv'),
      requirements: join(__dirname, 'requirements.txt'),
    });
    const files = readdirSync(directory).filter((file) => file.endsWith('.template.json'));
    expect(new Set(files)).toEqual(new Set(STACKS.map((stack) => `${stack}.template.json`)));
    const templates = files.map((file) => join(directory, file));
    const cfnLint = join(python, '../cfn-lint');
    // W3005: the CDK states dependencies that a reference implies already.
    const report = execFileSync(cfnLint, ['--ignore-checks', 'W3005', '--', ...templates], { encoding: 'utf8' });
    expect(report).toBe('');
  });
});
