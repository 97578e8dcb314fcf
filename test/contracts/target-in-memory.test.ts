import { createHash } from 'node:crypto';
import { memoryAlarms } from '../../lib/memory/memory-alarms';
import { memoryArtifacts } from '../../lib/memory/memory-artifacts';
import { memoryBuckets } from '../../lib/memory/memory-buckets';
import { memoryFunctions } from '../../lib/memory/memory-functions';
import { memoryHookRuns } from '../../lib/memory/memory-hook-runs';
import { memoryTarget } from '../../lib/memory/memory-target';
import { alarmsContract } from './alarms-contract';
import { bucketsContract } from './buckets-contract';
import { functionsContract } from './functions-contract';
import { hookRunsContract } from './hook-runs-contract';
import { shiftsContract } from './shifts-contract';
import { stacksContract } from './stacks-contract';
import { contractTemplates } from './stacks-templates';

describe('memoryFunctions', () =>
  functionsContract(async () => {
    const artifacts = memoryArtifacts();
    const store = (key: string) => {
      artifacts.objects.set(key, Buffer.from(key));
      return { key, codeSha256: createHash('sha256').update(key).digest('base64') };
    };
    const bundles = { first: store('bundles/first.zip'), second: store('bundles/second.zip') };
    const functions = memoryFunctions(artifacts);
    const configuration = JSON.stringify({ Role: 'arn:aws:iam::123456789012:role/orders' });
    functions.put('orders', { codeSha256: bundles.first.codeSha256, configuration });
    const weigh = async (alias: string, { version, weight }: { version: string; weight: number }) => {
      functions.all.get('orders')!.weights[alias] = { [version]: weight };
    };
    const configure = async () => {
      const Role = 'arn:aws:iam::123456789012:role/orders';
      functions.put('orders', { ...bundles.first, configuration: JSON.stringify({ Role, Timeout: 9 }) });
    };
    return { functions, name: 'orders', bundles, configure, weigh };
  }));

describe('memoryStacks', () =>
  stacksContract(async () => {
    const artifacts = memoryArtifacts();
    artifacts.objects.set('bundles/hello.zip', Buffer.from('hello'));
    const name = 'orders-dev';
    const bodies = contractTemplates(name, { bucket: 'artifacts', key: 'bundles/hello.zip', roleArn: 'arn' });
    for (const [key, body] of Object.entries(bodies)) artifacts.objects.set(key, Buffer.from(JSON.stringify(body)));
    const { stacks } = memoryTarget(artifacts);
    stacks.fail('Broken', 'the name is taken');
    stacks.refuse('Taken', 'there is such a bucket');
    return {
      stacks,
      name,
      executionRoleArn: 'arn',
      bodies,
      templates: {
        first: 'first',
        second: 'second',
        renamed: 'renamed',
        added: 'added',
        broken: 'broken',
        refused: 'refused',
        importing: 'importing',
      },
    };
  }));

describe('memoryShifts', () =>
  shiftsContract(async () => {
    const { functions, shifts, alarms } = memoryTarget(memoryArtifacts());
    for (const codeSha256 of ['first', 'second']) {
      functions.put('list', { codeSha256 });
      await functions.publish('list', codeSha256);
    }
    for (const version of ['1', '2']) await functions.read('list', version); // ready when it was looked at
    await functions.moveAlias('list', { alias: 'live', version: '1' });
    alarms.all.set('errors', 'ok');
    return {
      shifts,
      application: 'seedbed-shop-prod-orders',
      functionName: 'list',
      roleArn: 'arn:aws:iam::123456789012:role/seedbed-codedeploy',
      alarm: 'errors',
      alias: async () => {
        // Whoever looks at the alias sees what CodeDeploy has done by now.
        await shifts.open('');
        return functions.alias('list', 'live');
      },
      hookCalls: async () => shifts.calls(),
      activate: async (alarm) => void alarms.all.set(alarm, 'alarm'),
      wait: async (minutes) => shifts.advance(minutes),
    };
  }));

describe('memoryHookRuns', () =>
  hookRunsContract(async () => ({ hookRuns: memoryHookRuns(), application: 'seedbed-shop-prod-orders' })));

describe('memoryAlarms', () =>
  alarmsContract(async () => {
    const alarms = memoryAlarms();
    const names = { ok: 'calm', alarm: 'loud', 'insufficient-data': 'unknown' } as const;
    for (const [state, name] of Object.entries(names)) alarms.all.set(name, state as keyof typeof names);
    return { alarms, names };
  }));

describe('memoryBuckets', () =>
  bucketsContract(async () => {
    const buckets = memoryBuckets();
    buckets.put('uploads');
    return {
      buckets,
      bucket: 'uploads',
      put: async (...keys) => void buckets.put('uploads', ...keys),
      beginUpload: async (key) => void buckets.put('uploads').uploads.push(key),
    };
  }));
