"""Updating a function killed its running invocations; on AWS they run to their end."""

import contextvars
import functools
import threading


def apply(lam, runtime, **_):
    invalidate, release, kill = runtime.invalidate_worker, runtime.release_worker, runtime.kill_workers
    invalidating = contextvars.ContextVar("invalidating", default=False)
    leaving = set()

    @functools.wraps(kill)
    def kill_workers(workers):
        workers = list(workers)
        if invalidating.get():
            with runtime._lock:
                busy = {worker for worker in workers if worker is not None and worker.in_use}
                leaving.update(busy)
            workers = [worker for worker in workers if worker not in busy]
        kill(workers)

    @functools.wraps(invalidate)
    def invalidate_worker(*args, **kwargs):
        token = invalidating.set(True)
        try:
            invalidate(*args, **kwargs)
        finally:
            invalidating.reset(token)

    @functools.wraps(release)
    def release_worker(worker):
        release(worker)
        with runtime._lock:
            if worker not in leaving:
                return
            leaving.remove(worker)
        threading.Thread(target=kill, args=([worker],), daemon=True).start()  # the caller need not wait for that

    runtime.kill_workers = kill_workers
    runtime.invalidate_worker = lam.invalidate_worker = invalidate_worker
    runtime.release_worker = lam.release_worker = release_worker
