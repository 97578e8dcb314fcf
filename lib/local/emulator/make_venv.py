"""Makes the local cloud's virtual environment: make_venv.py VENV REQUIREMENTS STAMP

Holds a lock while it works, so that several starts at once make it only once; the operating system frees the lock of a
process that died. The file VENV/seedbed-stamp holds STAMP when the environment is complete, and only then.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import venv

EXIT_NO_VENV = 3
EXIT_NO_PACKAGES = 4


def outer_pip(python):
    """The pip of the Python that runs this, working on another one (pip 22.3 or newer): saves installing pip first."""
    asked = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True)
    version = re.match(r"pip (\d+)\.(\d+)", asked.stdout)
    if asked.returncode != 0 or not version or tuple(map(int, version.groups())) < (22, 3):
        return None
    return [sys.executable, "-m", "pip", "--python", python]


def is_usable(python):
    try:
        check = os.path.join(os.path.dirname(__file__), "check_venv.py")
        return subprocess.run([python, "-I", check]).returncode == 0
    except OSError:
        return False


def main(target, requirements, stamp):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp_file = os.path.join(target, "seedbed-stamp")
        python = os.path.join(target, "bin", "python")
        if os.path.exists(stamp_file) and open(stamp_file).read() == stamp and is_usable(python):
            return 0
        shutil.rmtree(target, ignore_errors=True)
        pip = outer_pip(python)
        try:
            venv.EnvBuilder(with_pip=pip is None, symlinks=True).create(target)
        except (Exception, SystemExit) as error:
            print(error, file=sys.stderr)
            return EXIT_NO_VENV
        # Wheels alone: a source distribution runs code of its own to be built, with tools that nothing pins.
        install = [*(pip or [python, "-m", "pip"]), "install", "--require-hashes", "--only-binary=:all:"]
        install += ["--quiet", "--no-compile", "--disable-pip-version-check"]
        if subprocess.run([*install, "--requirement", requirements], stdin=subprocess.DEVNULL).returncode != 0:
            return EXIT_NO_PACKAGES
        with open(stamp_file, "w") as file:
            file.write(stamp)
        return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
