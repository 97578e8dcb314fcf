"""Runs a command in a process group of its own and ends the whole group when its owner goes away:
guard.py GRACE_SECONDS [--remove DIR]... -- COMMAND [ARGUMENT]...

The owner keeps the writing end of this process's standard input open. When it closes it, or dies however it dies, or
sends SIGTERM or SIGINT, the group gets SIGTERM and, after the grace time, SIGKILL. In every case what the command left
running is killed and the directories are removed before the guard ends with the command's status.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading


def signal_group(process, number):
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        pass  # nobody is left; macOS says EPERM for a group of zombies


def main(arguments):
    split = arguments.index("--")
    grace, options, command = float(arguments[0]), arguments[1:split], arguments[split + 1 :]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    stop = threading.Event()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())

    def watch_owner():
        while os.read(0, 4096):
            pass
        stop.set()

    def end_group():
        stop.wait()
        signal_group(process, signal.SIGTERM)
        try:
            process.wait(timeout=grace)
        except subprocess.TimeoutExpired:
            signal_group(process, signal.SIGKILL)

    threading.Thread(target=watch_owner, daemon=True).start()
    threading.Thread(target=end_group, daemon=True).start()
    status = process.wait()
    signal_group(process, signal.SIGKILL)
    for option in options:
        if option != "--remove":
            shutil.rmtree(option, ignore_errors=True)
    sys.stdout.flush()
    os._exit(status if status >= 0 else 128 - status)


if __name__ == "__main__":
    main(sys.argv[1:])
