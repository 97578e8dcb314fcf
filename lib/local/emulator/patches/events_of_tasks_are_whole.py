"""A task's events in an execution's history lacked what the model of GetExecutionHistory requires, and had the task's
whole ARN where AWS's have the kind of the resource and its action apart: for
`arn:aws:states:::lambda:invoke.waitForTaskToken` they are `lambda` and `invoke.waitForTaskToken`.

A function that is a task's resource itself has events of its own.

docs.aws.amazon.com/step-functions/latest/apireference/API_TaskScheduledEventDetails.html,
docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

import contextvars
import functools
import json

LONGEST = 262144


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

    def given():
        """What the task gets, as far as events have room for it: what is larger fails the task afterwards."""
        return json.dumps(arguments.get())[:LONGEST]

    def parts(resource):
        """The kind and the action in a task's ARN."""
        kind, _, action = resource.partition(":::")[2].rpartition(":")
        return kind, action

    def of_function(event_type, told):
        """The type and the details of an event of a task whose resource is a function."""
        event_type = event_type.replace("Task", "LambdaFunction", 1)
        kept = {name: value for name, value in told.items() if name not in ("resource", "resourceType")}
        if event_type == "LambdaFunctionScheduled":
            kept = {"resource": told["resource"], "input": given()}
        return event_type, {f"{event_type[:1].lower()}{event_type[1:]}EventDetails": kept}

    @functools.wraps(add_event)
    def add(execution, event_type, details=None):
        for name, told in (details or {}).items():
            if not name.startswith("task") or ":" not in told.get("resource", ""):
                continue
            if told["resource"].split(":")[2] == "lambda":
                event_type, details = of_function(event_type, told)
            elif ":::" in told["resource"]:
                told["resourceType"], told["resource"] = parts(told["resource"])
                if event_type == "TaskScheduled":
                    told["region"] = responses.get_region()
                    told["parameters"] = given()
        return add_event(execution, event_type, details)

    steps._add_event = add
    # What they return last before a task is scheduled is what it gets.
    steps._apply_parameters, steps._apply_jsonata_arguments = map(
        noting, (steps._apply_parameters, steps._apply_jsonata_arguments))
