import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTemplate } from '../../../lib/config/read-template';
import { transformTemplate } from '../../../lib/core/template/alias-transform';
import { visitReferences } from '../../../lib/core/template/intrinsics';
import { options } from './build-template';
import { circularResources, danglingReferences } from './template-graph';

const FILE = join(__dirname, 'fixtures/every-event-source.yml');
const template = readTemplate({ name: FILE, text: readFileSync(FILE, 'utf8') });
const transformed = transformTemplate(template, options());
const { Resources } = transformed.template;

describe('a function behind everything that may invoke it', () => {
  it('is invoked by its alias, without a warning', () => {
    expect(transformed.warnings).toEqual([]);
    const naming = Object.entries(Resources).flatMap(([id, { Properties }]) => {
      let arn = false;
      visitReferences(Properties, (to, attribute) => {
        arn ||= to === 'Orders' && attribute === 'Arn';
      });
      return arn ? [id] : [];
    });
    // By its plain ARN only where a qualifier beside it says which alias is meant.
    expect(naming).toEqual(['WindowTask']);
    expect(Resources.WindowTask!.Properties!.TaskInvocationParameters).toEqual({
      MaintenanceWindowLambdaParameters: { Qualifier: 'live' },
    });
  });

  it('may be invoked by its alias by all that may invoke it', () => {
    const permissions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Permission');
    expect(new Set(permissions.map(({ Properties }) => JSON.stringify(Properties!.FunctionName)))).toEqual(
      new Set(['{"Ref":"NightlyAliasLive"}', '{"Ref":"OrdersAliasLive"}']),
    );
    expect(JSON.stringify(Resources.Role)).toContain('function:shop-${Stage}-orders:live');
  });

  it('leaves the function of a custom resource as it is, and says why', () => {
    expect(transformed.notAliased).toEqual([
      { logicalId: 'Setup', reason: expect.stringContaining('custom resource: CloudFormation invokes it') },
    ]);
  });

  it('has the function’s condition on its alias and version', () => {
    expect([Resources.NightlyAliasLive!.Condition, Resources.NightlyVersion!.Condition]).toEqual(['IsProd', 'IsProd']);
  });

  it('makes no circle, leaves nothing dangling, and is the same when transformed again', () => {
    expect(circularResources(transformed.template)).toEqual([]);
    expect(danglingReferences(transformed.template)).toEqual([]);
    expect(transformTemplate(transformed.template, options())).toEqual(transformed);
  });
});
