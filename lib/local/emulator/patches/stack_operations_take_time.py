"""Stack operations were over as soon as they had begun.

At a pace (`pace.py`) each takes a while, and more for each function that it makes or changes, as on AWS. The waiting is
done on threads, so that nothing else waits, and beside the first resource, so that an update can be cancelled
meanwhile. A nested stack is part of its parent's operation.
"""

import contextvars
import functools
import json

import pace
from patches.gateway_speaks_for_callers import BY_GATEWAY

PATH = "/_seedbed/pace"
FUNCTION = "AWS::Lambda::Function"


def apply(app, cloudformation, stacks, **_):
    # Whether the operation that this task carries out has waited already.
    operation = contextvars.ContextVar("the stack operation that goes on", default=None)
    deploy, delete, on_thread = stacks._deploy_stack_async, stacks._delete_stack_async, stacks._runs_on_worker_thread
    update, provision = stacks._update_keeping_seed, stacks._provision_keeping_seed
    shortcuts = app._handle_post_body_shortcuts

    @functools.wraps(shortcuts)
    async def handle(method, path, headers, body, query_params, request_id):
        if path != PATH or not BY_GATEWAY.get():
            return await shortcuts(method, path, headers, body, query_params, request_id)
        pace.begin(json.loads(body))
        return 200, {"Content-Type": "application/json"}, b"{}"

    @functools.wraps(deploy)
    async def deploy_at_pace(*args, **kwargs):
        token = operation.set({"waited": False})
        try:
            return await deploy(*args, **kwargs)
        finally:
            operation.reset(token)

    @functools.wraps(delete)
    async def delete_at_pace(stack_name, stack_id, *args, **kwargs):
        if pace.is_set():
            stack = cloudformation._stacks.get(stack_name)
            if stack:
                stack["StackStatus"] = "DELETE_IN_PROGRESS"
            await stacks.run_reentrant(pace.wait, "stack-operation")
        return await delete(stack_name, stack_id, *args, **kwargs)

    @functools.wraps(on_thread)
    def runs_on_worker_thread(resource_type):
        going_on = operation.get()
        waits = going_on is not None and pace.is_set() and (not going_on["waited"] or resource_type == FUNCTION)
        return waits or on_thread(resource_type)

    def wait(resource_type, is_changed):
        """On a thread of its own: see above."""
        going_on = operation.get()
        if going_on is None or not pace.is_set():
            return
        if not going_on["waited"]:
            going_on["waited"] = True
            pace.wait("stack-operation")
        if is_changed and resource_type == FUNCTION:
            pace.wait("stack-function")

    @functools.wraps(update)
    def update_at_pace(resource_type, physical_id, old, new, *args):
        wait(resource_type, old != new)
        return update(resource_type, physical_id, old, new, *args)

    @functools.wraps(provision)
    def provision_at_pace(resource_type, *args):
        wait(resource_type, True)
        return provision(resource_type, *args)

    app._handle_post_body_shortcuts = handle
    for module in (stacks, cloudformation.handlers, cloudformation.changesets):
        for name, changed in (("_deploy_stack_async", deploy_at_pace), ("_delete_stack_async", delete_at_pace)):
            if hasattr(module, name):
                setattr(module, name, changed)
    stacks._runs_on_worker_thread = runs_on_worker_thread
    stacks._update_keeping_seed, stacks._provision_keeping_seed = update_at_pace, provision_at_pace
