import { IMAGE_TO_BUILD } from '../../../core/build/image-build';
import { TAG_UNRESOLVED } from '../../images/advise-images';
import { FRAMEWORK_WATCH } from './framework-watch';

/**
 * What is changed in the framework while it packages, as a program that Node loads before it. Where serverless 3 and
 * osls have a method, both call it the same; if one is not found, nothing happens, and the framework says what it
 * misses.
 *
 * - Packaging makes one single call to AWS of its own: with layers it asks CloudFormation for the deployed stack, to
 *   leave an unchanged layer where it is. The platform compares layers itself, and the build role may not read stacks,
 *   so the comparison is taken out.
 * - `deploymentSettings` of a function was known to the framework through serverless-plugin-canary-deployments. The
 *   platform reads it itself, so without the plug-in it is no property to refuse.
 * - `provider.profile` names credentials of its author's machine. Variables are read with those of the build, whatever
 *   it says.
 * - Of an image with a path the framework would make a repository with the app's own rights. What it says of it is
 *   noted, and something stands in its place until the packager has built it.
 * - What the configuration says is noted as it is before variables are resolved, from wherever it was read, and what
 *   programs of it ask for: afterwards nobody can tell where a value came from. So is each file of the repository that
 *   the process opens or looks for, each directory that it lists, and what esbuild, a process of its own, says that it
 *   has bundled. Of packages, those count that are links into the repository. Not seen is what other programs read that
 *   a plug-in starts. All of it is left beside this program (`FRAMEWORK_RECORD`), and with it the events that each
 *   plug-in listens to, for what it means to do when the framework deploys.
 * - On demand it is watched as well what may read files unseen (`framework-watch.ts`).
 *
 * @param root absolute path of the repository
 * @param watch whether to note what may read files unseen
 */
export const frameworkPreload = (root: string, watch: boolean): string =>
  [
    ...Object.entries({ ROOT: `${root}/`, IMAGE_TO_BUILD, TAG_UNRESOLVED }).map(
      ([name, value]) => `const ${name} = ${JSON.stringify(value)};`,
    ),
    PRELOAD,
    ...(watch ? [FRAMEWORK_WATCH] : []),
  ].join('\n');

const PRELOAD = `const Module = require('node:module');
const fs = require('node:fs');
const { join, resolve } = require('node:path');
const { fileURLToPath } = require('node:url');
const { createHash } = require('node:crypto');
const { writeFileSync, lstatSync, realpathSync } = fs;
const load = Module._load;
const reads = new Set();
const links = new Map();
const REAL_ROOT = realpathSync(ROOT) + '/';
const linkOf = (directory) => {
  try {
    if (!lstatSync(directory).isSymbolicLink()) return undefined;
    const target = realpathSync(directory);
    return target.startsWith(REAL_ROOT) ? ROOT + target.slice(REAL_ROOT.length) : target;
  } catch {
    return undefined;
  }
};
const PACKAGE = /^.*\\/node_modules\\/(?:@[^/]+\\/)?[^/]+/;
const whereItIs = (file) => {
  if (!file.includes('/node_modules/')) return file;
  const directory = (PACKAGE.exec(file) || [file])[0];
  if (!links.has(directory)) links.set(directory, linkOf(directory));
  const target = links.get(directory);
  return target === undefined ? undefined : whereItIs(target + file.slice(directory.length));
};
let watch = { read() {}, bundling: (call) => call() };
const noteRead = (path, ending = '') => {
  try {
    const named = resolve(path instanceof URL ? fileURLToPath(path) : String(path));
    watch.read(named);
    if (!named.startsWith(ROOT)) return;
    const file = whereItIs(named);
    if (file === undefined || !file.startsWith(ROOT) || file.startsWith(ROOT + '.git/')) return;
    reads.add(file + ending);
  } catch {
    // No path: the file system will say so.
  }
};
const READING = ['readFile', 'open', 'createReadStream', 'copyFile', 'openAsBlob'];
const LISTING = ['readdir', 'opendir'];
const noteCalls = (holder, names, ending) => {
  for (const name of names.flatMap((one) => [one, one + 'Sync'])) {
    const call = holder[name];
    if (typeof call !== 'function') continue;
    holder[name] = Object.assign(function (path, ...more) {
      if (typeof path !== 'number') noteRead(path, ending);
      return call.call(this, path, ...more);
    }, call);
  }
};
for (const holder of [fs, fs.promises]) {
  noteCalls(holder, READING);
  noteCalls(holder, LISTING, '/*');
  noteCalls(holder, ['cp']);
  noteCalls(holder, ['cp'], '/');
}
Module.syncBuiltinESMExports();
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...more) {
  if (String(request).startsWith('/')) noteRead(request);
  const file = resolveFilename.call(this, request, ...more);
  if (file.startsWith('/')) noteRead(file);
  return file;
};
const bundlers = new WeakMap();
const isBundler = (loaded) =>
  loaded !== null && typeof loaded === 'object' && ['build', 'buildSync', 'transform'].every((name) => name in loaded);
const noteBundled = (esbuild) => {
  if (bundlers.has(esbuild)) return bundlers.get(esbuild);
  const noteInputs = (options, result) => {
    const from = (options && options.absWorkingDir) || process.cwd();
    if (options && options.tsconfig) noteRead(resolve(from, options.tsconfig));
    for (const input of Object.keys((result && result.metafile && result.metafile.inputs) || {})) {
      noteRead(resolve(from, input));
    }
    return result;
  };
  const started = (name, ...given) => watch.bundling(() => esbuild[name](...given));
  const seen = {
    build: async (options) => noteInputs(options, await started('build', { ...options, metafile: true })),
    buildSync: (options) => noteInputs(options, started('buildSync', { ...options, metafile: true })),
    context: async (options) => {
      const context = await started('context', { ...options, metafile: true });
      const rebuild = context.rebuild;
      context.rebuild = async (...more) => noteInputs(options, await rebuild.apply(context, more));
      return context;
    },
  };
  const noted = Object.create(esbuild);
  for (const name of Object.keys(esbuild)) {
    const value = seen[name] || ((...given) => started(name, ...given));
    if (typeof esbuild[name] === 'function') Object.defineProperty(noted, name, { value, enumerable: true });
  }
  bundlers.set(esbuild, noted);
  if (isBundler(esbuild.default)) Object.defineProperty(noted, 'default', { value: noteBundled(esbuild.default) });
  return noted;
};
const known = new WeakSet();
const texts = new Map();
const written = {};
const hooks = {};
const note = (place, text) => {
  if (typeof text === 'string') texts.set(JSON.stringify([place, text]), { place, text });
};
const noteAll = (meta) => {
  for (const [path, { value }] of meta) note(path.split('\\0'), value);
  if (known.has(meta)) return;
  known.add(meta);
  const set = meta.set;
  meta.set = function (path, entry) {
    note(String(path).split('\\0'), entry && entry.value);
    return set.call(this, path, entry);
  };
};
const noteWritten = ({ provider }) => {
  for (const key of ['region', 'stage']) {
    const value = provider && provider[key];
    if (typeof value === 'string' && !value.includes('\${')) written[key] ??= value;
  }
};
const noteAsked = (source, type) => ({
  ...source,
  resolve: (given) => {
    const from = [type + '(' + (given.params || []).join(', ') + ')'];
    const { resolveConfigurationProperty: property, resolveVariable: variable } = given;
    return source.resolve({
      ...given,
      resolveConfigurationProperty: (keys) => {
        if (type !== 'self') note(from, '\${self:' + [].concat(keys).join('.') + '}');
        return property(keys);
      },
      resolveVariable: (text) => {
        note(from, '\${' + text + '}');
        return variable(text);
      },
    });
  },
});
const withoutProfile = (find) =>
  function (...given) {
    const { provider } = this.serverless.service;
    const { profile } = provider;
    delete provider.profile;
    try {
      return find.apply(this, given);
    } finally {
      if (profile !== undefined) provider.profile = profile;
    }
  };
const resolving = (resolve) =>
  async function (data) {
    try {
      noteAll(data.variablesMeta);
      noteWritten(data.configuration);
      const sources = Object.entries(data.sources).map(([type, source]) => [type, noteAsked(source, type)]);
      data = { ...data, sources: Object.fromEntries(sources) };
    } catch {
      // Another version calls it otherwise: then nothing is noted.
    }
    const result = await resolve(data);
    if (data && data.configuration) noteWritten(data.configuration);
    return result;
  };
const images = new Map();
const standInForImages = (prototype) => {
  const value = async function ({ scanOnPush, maxImageCount, ...image }) {
    images.set(image.imageName, image);
    const directory = resolve(this.serverless.serviceDir, image.imagePath);
    if (ROOT.startsWith(directory + '/')) reads.add(ROOT);
    else noteRead(directory, '/');
    noteRead(resolve(directory, image.imageFilename));
    const functionImageSha = createHash('sha256').update(image.imageName).digest('hex');
    return { functionImageSha, functionImageUri: IMAGE_TO_BUILD + image.imageName + '@sha256:' + functionImageSha };
  };
  Object.defineProperty(prototype, 'resolveImageUriAndShaFromPath', { configurable: true, writable: true, value });
};
const sayWhichTag = (prototype) => {
  const name = 'resolveImageUriAndShaFromUri';
  const { get } = Object.getOwnPropertyDescriptor(prototype, name) || {};
  if (!get) return;
  Object.defineProperty(prototype, name, {
    configurable: true,
    get() {
      const resolveImage = get.call(this);
      const value = (image) =>
        resolveImage.call(this, image).catch((error) => {
          if (!image.includes('@')) error.message = TAG_UNRESOLVED + ' ' + image + ': ' + error.message;
          throw error;
        });
      Object.defineProperty(this, name, { configurable: true, writable: true, value });
      return value;
    },
  });
};
Module._load = function (...args) {
  const loaded = load.apply(this, args);
  if (/(^|\\/)esbuild(\\/|$)/.test(args[0]) && isBundler(loaded)) return noteBundled(loaded);
  if (typeof loaded !== 'function') return loaded;
  if (args[0].endsWith('/configuration/variables/resolve')) return resolving(loaded);
  const prototype = loaded.prototype;
  if (!prototype || known.has(prototype)) return loaded;
  known.add(prototype);
  if (prototype.compareWithLastLayer) prototype.compareWithLastLayer = async () => {};
  for (const name of ['getCredentials', 'getAwsSdkV3CredentialsProvider']) {
    if (prototype.getRegionSourceValue && prototype[name]) prototype[name] = withoutProfile(prototype[name]);
  }
  if ('resolveImageUriAndShaFromPath' in prototype) standInForImages(prototype);
  sayWhichTag(prototype);
  if (prototype.loadHooks && prototype.resolveServicePlugins) {
    const loadHooks = prototype.loadHooks;
    prototype.loadHooks = function (plugin, ...more) {
      const name = plugin.constructor._serverlessExternalPluginName;
      if (name) hooks[name] = Object.keys(plugin.hooks || {});
      return loadHooks.call(this, plugin, ...more);
    };
  }
  if (prototype.defineFunctionProperties && prototype.validateConfig) {
    const validate = prototype.validateConfig;
    prototype.validateConfig = function (...config) {
      try {
        this.defineFunctionProperties('aws', { properties: { deploymentSettings: {} } });
      } catch {
        // A plug-in has defined it.
      }
      return validate.apply(this, config);
    };
  }
  return loaded;
};
process.on('exit', () => {
  try {
    const unseen = watch.unseen && watch.unseen();
    const noted = { texts: [...texts.values()], written, hooks, reads: [...reads], unseen };
    const record = { ...noted, images: [...images.values()] };
    writeFileSync(join(__dirname, 'framework-record.json'), JSON.stringify(record));
  } catch {
    // Without it the same is read from the file of the configuration, as far as it stands there.
  }
});
`;

/** Name of the file that it leaves in its directory. */
export const FRAMEWORK_RECORD = 'framework-record.json';
