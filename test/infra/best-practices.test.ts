import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ensureVenv } from '../../lib/local/python-venv';
import { aPlatform } from './synthesise';

describe('the synthesised platform', () => {
  jest.setTimeout(180_000);

  it('passes cdk-nag, but for what is acknowledged with a reason', () => {
    const { app } = aPlatform();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const out = app.synth({ validateOnSynthesis: false }).directory;
    console.log(out, readFileSync(join(out, 'validation-report.json'), 'utf8').slice(0, 3000));
  });

  it('passes cfn-lint', async () => {
    const python = await ensureVenv({
      directory: join(__dirname, '../../.seedbed/lint-venv'),
      requirements: join(__dirname, 'requirements.txt'),
    });
    const { directory, stacks } = aPlatform().app.synth();
    const templates = stacks.map(({ templateFile }) => join(directory, templateFile));
    // W3005: the CDK states dependencies that a reference implies already.
    const report = execFileSync(python, ['-m', 'cfnlint', '--ignore-checks', 'W3005', '--', ...templates], {
      encoding: 'utf8',
    });
    expect(report).toBe('');
  });
});
