import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveConfig } from '../../lib/config/resolve-config';
import { storeApp } from '../../lib/core/contracts/stored-app';
import { version } from '../../package.json';
import { synthesiseCalledFunctions, synthesiseDefinitions } from '../state-machines/synthesise-definitions';
import { FIXTURES, text, written } from './files';
import { writeItems } from './write-items';
import { writePayloads } from './write-payloads';

/** "npm run golden": keeps what this version writes, for later versions to read (CONTRIBUTING.md says when). */
async function main(): Promise<void> {
  const definitions = synthesiseDefinitions();
  const { payloads, artifacts } = await writePayloads(definitions);
  const place = { account: '111122223333', region: 'eu-central-1' };
  const files = {
    'items.json': await writeItems(),
    'payloads.json': payloads,
    'artifacts.json': artifacts,
    'definitions.json': definitions,
    'functions.json': synthesiseCalledFunctions(),
    'apps.json': resolveConfig(text(version, 'seedbed.yml'), place).apps.map(storeApp),
  };
  mkdirSync(join(FIXTURES, version), { recursive: true });
  for (const [file, value] of Object.entries(files)) writeFileSync(join(FIXTURES, version, file), written(value));
}

void main();
