const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/** What was compiled in this process: of each file its source, and the function around it, not yet in any context. */
const compiled = new Map();

/**
 * Does what `vm.compileFunction` does for jest, which has each module of each file of tests compiled anew, though a
 * compiled script may run in any number of contexts. Of a whole run that was a fifth.
 */
function compileFunction(source, parameters, { filename, importModuleDynamically, parsingContext }) {
  const head = `(function (${parameters.join(', ')}) {`;
  let entry = compiled.get(filename);
  if (entry?.source !== source || entry.head !== head) {
    entry = { source, head, importer: importModuleDynamically };
    entry.script = new vm.Script(`${head}${source}\n})`, {
      filename,
      // Stack traces count from the module's own first character.
      columnOffset: -head.length,
      importModuleDynamically: (...request) => entry.importer(...request),
    });
    compiled.set(filename, entry);
  }
  // That of the file of tests that runs now: one process runs them one after the other.
  entry.importer = importModuleDynamically;
  return entry.script.runInContext(parsingContext);
}
vm.compileFunction = compileFunction;

/** jest's environment for node. As it is loaded, once in each process, it replaces how modules are compiled. */
module.exports = TestEnvironment;
