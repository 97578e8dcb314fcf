"""Makes the local cloud's virtual environment: make_venv.py VENV REQUIREMENTS STAMP

Holds a lock while it works, so that several starts at once make it only once; the operating system frees the lock of a
process that died. The file VENV/seedbed-stamp holds STAMP when the environment is complete, and only then.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import venv

EXIT_NO_VENV = 3
EXIT_NO_PACKAGES = 4


def main(target, requirements, stamp):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp_file = os.path.join(target, "seedbed-stamp")
        if os.path.exists(stamp_file) and open(stamp_file).read() == stamp:
            return 0
        shutil.rmtree(target, ignore_errors=True)
        try:
            venv.EnvBuilder(with_pip=True, symlinks=True).create(target)
        except (Exception, SystemExit) as error:
            print(error, file=sys.stderr)
            return EXIT_NO_VENV
        pip = [os.path.join(target, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, "--requirement", requirements], stdin=subprocess.DEVNULL).returncode != 0:
            return EXIT_NO_PACKAGES
        with open(stamp_file, "w") as file:
            file.write(stamp)
        return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
