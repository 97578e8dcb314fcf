import type { MemoryFunctions } from '../lib/memory/memory-functions';

/** Publishes a version of what a function runs, and looks at it once: until then it is pending. */
export async function publishReady(functions: MemoryFunctions, name: string, codeSha256: string): Promise<void> {
  const published = await functions.publish(name, codeSha256);
  if (published.outcome === 'done') await functions.read(name, published.version);
}
