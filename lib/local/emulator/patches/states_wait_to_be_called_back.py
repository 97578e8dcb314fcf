"""A state that waited to be called back heard no heartbeats, and waited for hours, also when its execution had been
stopped. A second call changed what the first had said, and a late one was told that there is no such task.

HeartbeatSeconds: docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#wait-token-hearbeat. What the
calls are refused with: docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

import contextvars
import functools
import threading
import time


def apply(responses, steps, **_):
    run, wait_for_callback = steps._run_execution, steps._invoke_with_callback
    running = contextvars.ContextVar("the execution that runs", default=None)
    patience = contextvars.ContextVar("seconds for which a state goes without a heartbeat", default=None)
    known = set()

    class Call(threading.Event):
        """The event that somebody calls back."""

        def __init__(self):
            super().__init__()
            self.execution, self.patience, self.heard = running.get(), patience.get(), time.monotonic()

        def is_over(self):
            return self.is_set() or (self.execution and self.execution["status"] != "RUNNING")

        def wait(self, timeout=None):
            until = time.monotonic() + timeout
            while not super().wait(max(0, min(1, until - time.monotonic()))):
                if self.is_over():
                    return self.is_set()
                if self.patience and time.monotonic() - self.heard >= self.patience:
                    raise steps._ExecutionError("States.HeartbeatTimeout", "")
                if time.monotonic() >= until:
                    return False
            return True

    class Threading:
        """The module, for MiniStack's: its only events are those that states wait for."""

        Event = Call

        def __getattr__(self, name):
            return getattr(threading, name)

    @functools.wraps(run)
    def run_execution(execution_arn):
        token = running.set(steps._executions.get(execution_arn))
        try:
            return run(execution_arn)
        finally:
            running.reset(token)

    @functools.wraps(wait_for_callback)
    def invoke_with_callback(resource, input_data, token, state_def):
        known.add(token)
        seconds = patience.set(state_def.get("HeartbeatSeconds"))
        try:
            return wait_for_callback(resource, input_data, token, state_def)
        finally:
            patience.reset(seconds)
            steps._task_tokens.pop(token, None)

    def to_who_waits(original):
        @functools.wraps(original)
        def send(data):
            token = data.get("taskToken")
            if token not in known:
                return responses.error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)
            task = steps._task_tokens.get(token)
            if not task or task["event"].is_over():
                message = "Task Timed Out: 'Provided task does not exist anymore'"
                return responses.error_response_json("TaskTimedOut", message, 400)
            task["event"].heard = time.monotonic()
            return original(data)

        return send

    steps.threading = Threading()
    steps._run_execution = run_execution
    steps._invoke_with_callback = invoke_with_callback
    for name in ("success", "failure", "heartbeat"):
        setattr(steps, f"_send_task_{name}", to_who_waits(getattr(steps, f"_send_task_{name}")))
