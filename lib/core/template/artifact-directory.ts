/**
 * The Serverless Framework uploads each package under a directory of its own, `<prefix>/<service>/<stage>/<epoch
 * ms>-<ISO time>/`; the time is the only thing in a template that tells such a location from another.
 */
const DIRECTORY = /[^/"'\s]*\d{13}-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

/** @returns whether `text` is, or has in it, a location under the framework's artifact directory. */
export const isUnderArtifactDirectory = (text: string): boolean => text.search(DIRECTORY) >= 0;

/** @returns `text` with the time of packaging taken out. */
export const withoutArtifactTime = (text: string): string => text.replaceAll(DIRECTORY, '<package>');
