import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryArtifacts } from '../../lib/memory/memory-artifacts';
import { fileArtifacts } from '../../lib/packager/file-artifacts';
import { artifactsContract } from './artifacts-contract';

describe('memoryArtifacts', () => artifactsContract(memoryArtifacts));

describe('fileArtifacts', () => {
  const directory = mkdtempSync(join(tmpdir(), 'artifacts-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  artifactsContract(() => fileArtifacts(directory));
});
