import { rmSync } from 'node:fs';
import { ASSEMBLIES } from './synthesise';

/** Removes what the tests synthesised. */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default function tearDown(): void {
  rmSync(ASSEMBLIES, { recursive: true, force: true });
}
