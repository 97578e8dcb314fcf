"""Functions loaded native code of the laptop's processor, whatever architecture they declare (x86_64 if none). On Lambda a
library of another one cannot be loaded, and who loads it as it starts fails as it starts, in the words of the loader
(docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html; as seen in github.com/lovell/sharp/issues/3102 and
github.com/serverless/serverless-python-requirements/issues/667).

Node's and Python's workers look at the header of what they load (refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html).
Where a package brings a library for each processor, it has chosen by the laptop's: that of the function's is enough.
"""

import functools
import os
import tempfile

MACHINES = {"x86_64": 62, "arm64": 183}
# How the libraries of one processor are called, and those of the other.
NAMES = (("x64", "arm64"), ("x86_64", "aarch64"), ("amd64", "arm64"), ("x86_64", "arm64"))

FOR_NODE = """
const { closeSync, existsSync, openSync, readSync } = require('node:fs');
const machine = Number(process.env._SEEDBED_MACHINE);
const names = JSON.parse(process.env._SEEDBED_NAMES);
const load = process.dlopen;
process.dlopen = function (module, file, ...rest) {
  const header = Buffer.alloc(20);
  const opened = openSync(file, 'r');
  readSync(opened, header, 0, 20, 0);
  closeSync(opened);
  const isLinux = header.readUInt32BE(0) === 0x7f454c46;
  const others = names.map(([from, to]) => file.replaceAll(from, to)).filter((other) => other !== file);
  if (isLinux && header.readUInt16LE(18) !== machine && !others.some((other) => existsSync(other)))
    throw Object.assign(
      new Error(`${file}: cannot open shared object file: No such file or directory`), { code: 'ERR_DLOPEN_FAILED' });
  return load.call(process, module, file, ...rest);
};
"""
FOR_PYTHON = """
import importlib.machinery
import json
import os

machine, names = int(os.environ["_SEEDBED_MACHINE"]), json.loads(os.environ["_SEEDBED_NAMES"])
load = importlib.machinery.ExtensionFileLoader.create_module


def create_module(self, spec):
    task = os.environ.get("LAMBDA_TASK_ROOT", "")
    with open(self.path, "rb") as file:
        header = file.read(20)
    others = [self.path.replace(*pair) for pair in names]
    wrong = header[:4] == b"\\x7fELF" and int.from_bytes(header[18:20], "little") != machine
    # The interpreter's own modules are the laptop's, as it is itself.
    if wrong and task and self.path.startswith(task) and not any(
            other != self.path and os.path.exists(other) for other in others):
        raise ImportError(f"{self.path}: cannot open shared object file: No such file or directory")
    return load(self, spec)


importlib.machinery.ExtensionFileLoader.create_module = create_module
"""


def apply(lam, runtime, **_):
    directory = tempfile.mkdtemp(prefix="native-")
    preload = os.path.join(directory, "preload.cjs")
    for path, text in ((preload, FOR_NODE), (os.path.join(directory, "sitecustomize.py"), FOR_PYTHON)):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    credentials = runtime.execution_credentials

    def paired(architecture):
        pairs = NAMES if architecture == "arm64" else [pair[::-1] for pair in NAMES]
        return "[" + ",".join(f'["{mine}","{other}"]' for mine, other in pairs) + "]"

    @functools.wraps(credentials)
    def environment(config):
        """What the environment of a worker has besides the function's variables."""
        given = (config.get("Environment") or {}).get("Variables") or {}
        architecture = (config.get("Architectures") or ["x86_64"])[0]
        own = {"_SEEDBED_MACHINE": str(MACHINES.get(architecture, 62)), "_SEEDBED_NAMES": paired(architecture)}
        if config.get("Runtime", "").startswith("nodejs"):
            own["NODE_OPTIONS"] = f"--require {preload} {given.get('NODE_OPTIONS', '')}".strip()
        elif config.get("Runtime", "").startswith("python"):
            paths = given.get("PYTHONPATH") or os.environ.get("PYTHONPATH") or ""
            own["PYTHONPATH"] = os.pathsep.join(filter(None, (directory, paths)))
        return {**credentials(config), **own}

    runtime.execution_credentials = lam.execution_credentials = environment
