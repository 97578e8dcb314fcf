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
 */
export const FRAMEWORK_PRELOAD = `const Module = require('node:module');
const load = Module._load;
const known = new WeakSet();
Module._load = function (...args) {
  const loaded = load.apply(this, args);
  const prototype = typeof loaded === 'function' ? loaded.prototype : undefined;
  if (!prototype || known.has(prototype)) return loaded;
  known.add(prototype);
  if (prototype.compareWithLastLayer) prototype.compareWithLastLayer = async () => {};
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
`;
