/**
 * The Serverless Framework uploads each package under a directory of its own, `<prefix>/<service>/<stage>/<epoch
 * ms>-<ISO time>/`; the time is the only thing in a template that tells such a location from another.
 */
const TIME = /\d{13}-\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/**
 * Such a directory for packages of tools that have none of their own: what is in it is taken for a part of the package.
 */
export const PACKAGED_DIRECTORY = 'seedbed/0315532800000-1980-01-01T00:00:00.000Z';

/** What a directory's name may be: it is looked through for times once, however long it is. */
const NAME = /[^/"'\s]+/g;

/** @returns whether `text` is, or has in it, a location under the framework's artifact directory. */
export const isUnderArtifactDirectory = (text: string): boolean => text.search(TIME) >= 0;

/** @returns `text` with the time of packaging taken out, and what stands before it in the directory's name. */
export const withoutArtifactTime = (text: string): string =>
  text.replaceAll(NAME, (name) => {
    const last = [...name.matchAll(TIME)].at(-1);
    return last === undefined ? name : `<package>${name.slice(last.index + last[0].length)}`;
  });
