import { AssetHashType, type AssetOptions, DockerImage } from 'aws-cdk-lib';

/**
 * Options of an asset that our own code makes, without Docker. The asset is known by what comes out: the same code has
 * the same hash, wherever it is made.
 * @param bundle writes the asset into a directory
 */
export const bundledLocally = (bundle: (outputDirectory: string) => void): AssetOptions => ({
  assetHashType: AssetHashType.OUTPUT,
  bundling: {
    // Required, and never used: the local bundling below always succeeds or throws.
    image: DockerImage.fromRegistry('scratch'),
    local: {
      tryBundle(outputDirectory) {
        bundle(outputDirectory);
        return true;
      },
    },
  },
});
