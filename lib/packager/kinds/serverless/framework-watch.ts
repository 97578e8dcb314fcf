/**
 * What the preload (`framework-preload.ts`) does besides where seed.yml sets `changes: files`: it notes what may read
 * files of the repository without its seeing them, so that a record without any such note has them all.
 *
 * - Other programs and threads, but for esbuild's own while one of its functions is called, since that tells its
 *   inputs, and for `npm ls`, which reads what concerns all services anyway.
 * - Native code that is loaded into the process, and WASI.
 * - Bundlers that may take a module from a cache instead of its file.
 * - What git knows: the commit is another one each time.
 *
 * What is linked or moved to another name is noted as read. Whether the modules of this Node are seen too, loaded by
 * `import` and by `require`, is tried with modules of its own.
 */
export const FRAMEWORK_WATCH = `const unseen = new Set();
const CACHING = /\\/node_modules\\/(webpack|rollup|vite|parcel|browserify|turbopack|@rspack|@parcel)\\//;
const { basename, dirname } = require('node:path');
const PROBES = ['imported', 'imported-too', 'required', 'required-too'].map((name) => join(__dirname, name + '.mjs'));
const probed = new Set();
let bundling = 0;
watch = {
  read: (file) => {
    if (file.startsWith(__dirname)) probed.add(file);
    const [, caching] = CACHING.exec(file) || [];
    if (caching) unseen.add(caching);
    if (file.startsWith(ROOT + '.git/')) unseen.add('a reader of .git');
  },
  bundling: (call) => {
    bundling += 1;
    try {
      return call();
    } finally {
      bundling -= 1;
    }
  },
  unseen: () => [
    ...unseen,
    ...PROBES.filter((probe) => fs.existsSync(probe) && !probed.has(probe)).map(() => 'modules that are imported'),
  ],
};
// The framework asks which packages are for development: what npm reads for that governs all services anyway.
const ASKS_NPM = /^npm ls [^;&|\\x60$()]*$/;
const isNpms = ([program, given]) => ASKS_NPM.test([program, ...(Array.isArray(given) ? given : [])].join(' '));
const isBundlers = (given) => bundling > 0 && given.flat().some((one) => String(one).startsWith('--service='));
const programOf = ([program, given]) => {
  const words = [String(program).split(' ')[0], ...(Array.isArray(given) ? given : [])];
  const named = words.find((word) => word !== process.execPath && !String(word).startsWith('-'));
  return basename(String(named || words[0]));
};
const programs = require('node:child_process');
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  const call = programs[name];
  programs[name] = Object.assign(function (...given) {
    if (!isBundlers(given) && !isNpms(given)) unseen.add(programOf(given));
    return call.apply(this, given);
  }, call);
}
const threads = require('node:worker_threads');
threads.Worker = class extends threads.Worker {
  constructor(...given) {
    unseen.add('a thread of ' + basename(String(given[0])));
    super(...given);
  }
};
const dlopen = process.dlopen;
process.dlopen = function (module, file, ...more) {
  unseen.add(basename(String(file)));
  return dlopen.call(this, module, file, ...more);
};
for (const holder of [fs, fs.promises]) {
  noteCalls(holder, ['rename', 'link']);
  noteCalls(holder, ['rename'], '/');
  for (const name of ['symlink', 'symlinkSync']) {
    const call = holder[name];
    if (!call) continue;
    holder[name] = function (target, path, ...more) {
      for (const ending of ['', '/']) noteRead(resolve(dirname(String(path)), String(target)), ending);
      return call.call(this, target, path, ...more);
    };
  }
}
Module.syncBuiltinESMExports();
const loadSeen = Module._load;
Module._load = function (...args) {
  if (/^(node:)?wasi$/.test(args[0])) unseen.add('wasi');
  return loadSeen.apply(this, args);
};
fs.writeFileSync(PROBES[0], "import './imported-too.mjs';");
fs.writeFileSync(PROBES[1], '');
import(PROBES[0]).catch(() => {});
if (process.features.require_module) {
  fs.writeFileSync(PROBES[2], "import './required-too.mjs';");
  fs.writeFileSync(PROBES[3], '');
  require(PROBES[2]);
}
`;
