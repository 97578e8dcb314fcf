'use strict';

/**
 * Keeps what V8 has compiled of the modules that are installed beside the AWS CDK, in the directory NODE_COMPILE_CACHE.
 * Node itself does so with all modules from 22.1 on (nodejs.org/api/cli.html#node_compile_cachedir); an older one loads
 * this before its program. What a build installs for itself is each time elsewhere, and nobody would read it again.
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join, sep } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { Script } = require('node:vm');

/** Characters from which on it takes longer to compile a module than to read what was kept of it. */
const WORTH_KEEPING = 2_048;
/** Milliseconds after which a program that goes on has compiled what it needs at its start. */
const SETTLED = 2_000;
/** An older Node's V8 forgets how a module that it reads from what was kept imports ES modules. */
const IMPORTS = /\bimport\s*\((?!\?)/;
const INSTALLED = join(require.resolve('aws-cdk/package.json'), '../..') + sep;
/** The property of `process` by which a module's stub gets at what was compiled of it. */
const RUN = 'seedbed.compiled';

const directory =
  process.env.NODE_COMPILE_CACHE &&
  join(process.env.NODE_COMPILE_CACHE, `${process.version}-${process.arch}-${cachedDataVersionTag()}`);
const compile = Module.prototype._compile;
/** Those that are not kept yet, by file. */
let made = new Map();
let current;

if (directory) {
  Object.defineProperty(process, Symbol.for(RUN), { value: () => current.runInThisContext() });
  Module.prototype._compile = function (content, filename) {
    const isKept = content.length >= WORTH_KEEPING && filename.startsWith(INSTALLED) && !IMPORTS.test(content);
    const script = isKept ? scriptOf(content, filename) : undefined;
    if (!script) return compile.call(this, content, filename);
    current = script;
    // Node makes `require` for the stub as for any module, and notes the source map that the last line names.
    const lastLine = content.slice(content.trimEnd().lastIndexOf('\n') + 1);
    const map = lastLine.startsWith('//# sourceMappingURL=') ? lastLine : '';
    const run = `process[Symbol.for('${RUN}')]()`;
    return compile.call(this, `return ${run}.call(this,exports,require,module,__filename,__dirname)\n${map}`, filename);
  };
  process.on('exit', keep);
  setTimeout(keep, SETTLED).unref();
}

/** @returns the module as V8 has compiled it, or nothing if it does not compile: Node has better words for that. */
function scriptOf(content, filename) {
  const source = Module.wrap(content.startsWith('#!') ? `//${content.slice(2)}` : content);
  // With its name, which V8 keeps too and would tell in stack traces.
  const file = join(directory, createHash('sha1').update(`${filename}\n${source}`).digest('hex'));
  const cachedData = read(file);
  try {
    const script = new Script(source, {
      filename,
      cachedData,
      columnOffset: -Module.wrapper[0].length,
    });
    if (!cachedData || script.cachedDataRejected) made.set(file, script);
    return script;
  } catch {
    return undefined;
  }
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** Functions are compiled when they are called first: what has run by now is kept with its module. */
function keep() {
  const scripts = made;
  made = new Map();
  try {
    if (scripts.size > 0) mkdirSync(directory, { recursive: true });
    for (const [file, script] of scripts) {
      const own = `${file}.${process.pid}`;
      writeFileSync(own, script.createCachedData());
      renameSync(own, file); // whole or not at all, whoever else writes it
    }
  } catch {
    // The next program is only slower.
  }
}
