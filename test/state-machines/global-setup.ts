import { keepDefinitions } from './keep-definitions';

/** Synthesis takes seconds, and each file of tests has modules of its own: it is done once for all of them. */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default async function setUp(): Promise<void> {
  await keepDefinitions();
}
