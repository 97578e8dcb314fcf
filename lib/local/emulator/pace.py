"""How long changes take beside what MiniStack itself needs, in milliseconds by name: the table is in lib/local/pace.

The gateway sets it (`POST /_seedbed/pace`), at any time; at first there is none.
"""

import threading
import time

PACE = {}
CHANGED = threading.Condition()


def begin(figures):
    """Sets the pace, also for what waits; none without figures."""
    with CHANGED:
        PACE.clear()
        PACE.update(figures or {})
        CHANGED.notify_all()


def is_set():
    return bool(PACE)


def seconds(name, otherwise=0):
    """How long a change takes at this pace; `otherwise` without one."""
    return PACE[name] / 1000 if name in PACE else otherwise


def wait(name):
    """Lets this time pass. It blocks the thread."""
    begun = time.monotonic()
    with CHANGED:
        while (left := begun + seconds(name) - time.monotonic()) > 0:
            CHANGED.wait(left)
