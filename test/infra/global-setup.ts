import { keepBundles } from '../keep-bundles';

/** Makes what the stacks' assets are made of, once. */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default function setUp(): void {
  keepBundles();
}
