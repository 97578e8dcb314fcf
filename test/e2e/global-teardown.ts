import { disagreement, readJudgements } from '../second-judge';

/**
 * Takes the local cloud of the end-to-end tests down, and has a second judge look at all that its first one has judged.
 * @throws Error with what the two judge otherwise
 */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default async function tearDown(): Promise<void> {
  const { seedbedCloud, seedbedJudgements } = globalThis;
  await seedbedCloud?.stop();
  if (!seedbedCloud || !seedbedJudgements) return; // it never started
  const judgements = await readJudgements(seedbedJudgements.file);
  const opinions = await Promise.all(judgements.map(disagreement));
  seedbedJudgements.remove();
  const different = opinions.filter((opinion) => opinion !== undefined);
  console.log(`rights: ${judgements.length} distinct calls judged twice, ${different.length} judged otherwise`);
  if (different.length > 0) throw new Error(`the second judge disagrees:\n${different.join('\n')}`);
}
