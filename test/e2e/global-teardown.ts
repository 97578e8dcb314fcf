/** Takes the local cloud of the end-to-end tests down. */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default async function tearDown(): Promise<void> {
  await globalThis.seedbedCloud?.stop();
}
