import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { STATEFUL_TYPES } from '../../lib/core/deploy/stateful-types';
import { ensureVenv } from '../../lib/local/emulator/python-venv';

const LIST = `
import json
from cfnlint.data import AdditionalSpecs
from cfnlint.helpers import load_resource
print(json.dumps(sorted(load_resource(AdditionalSpecs, "StatefulResources.json")["ResourceTypes"])))
`;

describe('the types that hold data', () => {
  it("are at least those that AWS's own linter calls stateful, but for log groups", async () => {
    const python = await ensureVenv({
      directory: join(__dirname, '../../.seedbed/lint-venv'),
      requirements: join(__dirname, 'requirements.txt'),
    });
    const listed: readonly string[] = JSON.parse(execFileSync(python, ['-c', LIST], { encoding: 'utf8' }));
    expect(listed).toContain('AWS::DynamoDB::Table');
    expect(listed.filter((type) => !STATEFUL_TYPES.has(type))).toEqual(['AWS::Logs::LogGroup']);
  });
});
