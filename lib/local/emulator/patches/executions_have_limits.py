"""Executions could have data and histories of any size.

docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html. MiniStack notes fewer events than AWS: those that it
leaves out are counted, for a task that has started, and for states and iterations of a Map or a Parallel.
"""

import contextvars
import functools
import json
import threading

import quotas

DATA, EVENTS = "states-data", "states-events"
# Entered and exited; started and succeeded.
OF_A_STATE, OF_AN_ITERATION = 2, 2


def service_of(resource):
    """What a task calls, as errors name it: `lambda` of a function's ARN and of `arn:aws:states:::lambda:invoke`."""
    parts = resource.split(":")
    return parts[5] if parts[2] == "states" and len(parts) > 5 else parts[2]


def apply(responses, steps, **_):
    start, send, add_event, matches = (
        steps._start_execution, steps._send_task_success, steps._add_event, steps._error_matches)
    invoke, wait_for_callback, sub_machine = (
        steps._invoke_resource, steps._invoke_with_callback, steps._run_sub_machine)
    inner = contextvars.ContextVar("whether a state is one of a Map or a Parallel", default=False)
    lock = threading.Lock()

    def is_too_large(text):
        return len(text.encode()) > quotas.figure(DATA, responses.get_account_id())

    def checked(value, of):
        if is_too_large(json.dumps(value, separators=(",", ":"), ensure_ascii=False)):
            code, message, _status = quotas.error(DATA, responses.get_account_id(), of=of)
            raise steps._ExecutionError(code, message)
        return value

    def refusing(original, key):
        @functools.wraps(original)
        def call(data):
            if not is_too_large(data.get(key) or ""):
                return original(data)
            most = quotas.figure(DATA, responses.get_account_id())
            return responses.error_response_json(
                "ValidationException",
                f"1 validation error detected: Value at '{key}' failed to satisfy constraint: "
                f"Member must have length less than or equal to {most}", 400)

        return call

    @functools.wraps(invoke)
    def invoke_resource(resource, input_data):
        return checked(invoke(resource, input_data), service_of(resource))

    @functools.wraps(wait_for_callback)
    def invoke_with_callback(resource, *args):
        return checked(wait_for_callback(resource, *args), service_of(resource))

    def count(execution, events):
        with lock:
            execution["seedbed_events"] = execution.get("seedbed_events", 1) + events
            # The event that ends the execution is the last.
            if execution["seedbed_events"] < quotas.figure(EVENTS, responses.get_account_id()):
                return
        code, message, _status = quotas.error(EVENTS, responses.get_account_id())
        raise steps._ExecutionError(code, message)

    @functools.wraps(add_event)
    def add(execution, event_type, details=None):
        if not event_type.startswith("Execution"):
            count(execution, 2 if event_type == "TaskScheduled" else 1)
        return add_event(execution, event_type, details)

    @functools.wraps(sub_machine)
    def run_sub_machine(states, start_at, input_data, execution, ctx):
        count(execution, OF_AN_ITERATION)
        token = inner.set(execution)
        try:
            return sub_machine(states, start_at, input_data, execution, ctx)
        finally:
            inner.reset(token)

    def state(original):
        @functools.wraps(original)
        def execute(state_def, raw_input, *args):
            name = args[-1]["State"]["Name"]
            if inner.get():
                count(inner.get(), OF_A_STATE)
            output, following = original(state_def, raw_input, *args)
            return checked(output, name), following

        return execute

    @functools.wraps(matches)
    def error_matches(names, error):
        # docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: States.ALL is not for this one.
        if error == "States.DataLimitExceeded":
            return error in names
        return matches(names, error)

    steps._start_execution, steps._send_task_success = refusing(start, "input"), refusing(send, "output")
    steps._add_event, steps._error_matches = add, error_matches
    steps._invoke_resource, steps._invoke_with_callback = invoke_resource, invoke_with_callback
    steps._run_sub_machine = run_sub_machine
    for name in ("pass", "task", "choice", "wait", "parallel", "map"):
        setattr(steps, f"_execute_{name}", state(getattr(steps, f"_execute_{name}")))
