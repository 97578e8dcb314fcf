import { createHash } from 'node:crypto';
import { memoryArtifacts } from '../../lib/memory/memory-artifacts';
import { memoryFunctions } from '../../lib/memory/memory-functions';
import { memoryTarget } from '../../lib/memory/memory-target';
import { functionsContract } from './functions-contract';
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
    functions.put('orders', { codeSha256: bundles.first.codeSha256 });
    return { functions, name: 'orders', bundles };
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
      templates: { first: 'first', second: 'second', broken: 'broken', refused: 'refused' },
    };
  }));
