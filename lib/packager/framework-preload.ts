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
 * - What the configuration says is noted as it is before variables are resolved, from wherever it was read, and what
 *   programs of it ask for: afterwards nobody can tell where a value came from. It is left beside this program
 *   (`FRAMEWORK_RECORD`), and with it the events that each plug-in listens to, for what it means to do when the
 *   framework deploys.
 */
export const FRAMEWORK_PRELOAD = `const Module = require('node:module');
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const load = Module._load;
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
Module._load = function (...args) {
  const loaded = load.apply(this, args);
  if (typeof loaded !== 'function') return loaded;
  if (args[0].endsWith('/configuration/variables/resolve')) return resolving(loaded);
  const prototype = loaded.prototype;
  if (!prototype || known.has(prototype)) return loaded;
  known.add(prototype);
  if (prototype.compareWithLastLayer) prototype.compareWithLastLayer = async () => {};
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
    const record = { texts: [...texts.values()], written, hooks };
    writeFileSync(join(__dirname, 'framework-record.json'), JSON.stringify(record));
  } catch {
    // Without it the same is read from the file of the configuration, as far as it stands there.
  }
});
`;

/** Name of the file that it leaves in its directory. */
export const FRAMEWORK_RECORD = 'framework-record.json';
