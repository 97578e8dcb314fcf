"""A task's events in an execution's history lacked what the model of GetExecutionHistory requires, and had the task's
whole ARN where AWS's have the kind of the resource and its action apart: for
`arn:aws:states:::lambda:invoke.waitForTaskToken` they are `lambda` and `invoke.waitForTaskToken`.

docs.aws.amazon.com/step-functions/latest/apireference/API_TaskScheduledEventDetails.html
"""

import contextvars
import functools
import json


def apply(responses, steps, **_):
    add_event = steps._add_event
    arguments = contextvars.ContextVar("what the next task gets", default=None)

    def noting(original):
        @functools.wraps(original)
        def call(*args, **kwargs):
            found = original(*args, **kwargs)
            arguments.set(found)
            return found

        return call

    def parts(resource):
        """The kind and the action in a task's ARN; `lambda` and the function's ARN for a function's own."""
        if ":::" not in resource:
            return resource.split(":")[2], resource
        kind, _, action = resource.partition(":::")[2].rpartition(":")
        return kind, action

    @functools.wraps(add_event)
    def add(execution, event_type, details=None):
        for name, told in (details or {}).items():
            if name.startswith("task") and ":" in told.get("resource", ""):
                told["resourceType"], told["resource"] = parts(told["resource"])
                if event_type == "TaskScheduled":
                    told["region"] = responses.get_region()
                    told["parameters"] = json.dumps(arguments.get())
        return add_event(execution, event_type, details)

    steps._add_event = add
    # What they return last before a task is scheduled is what it gets.
    steps._apply_parameters, steps._apply_jsonata_arguments = map(
        noting, (steps._apply_parameters, steps._apply_jsonata_arguments))
