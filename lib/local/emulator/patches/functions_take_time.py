"""A changed function served its new code at once and took the next change; versions were ready as they were published.

On AWS a new function is Pending, a changed one InProgress: until it is ready Lambda refuses to change or publish it, and
to invoke a new one; a changed one serves its old code (docs.aws.amazon.com/lambda/latest/dg/functions-states.html). A
version is Pending until it can serve, with SnapStart for minutes
(docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html). CloudFormation waits for each function and version that
it makes; of its waiting no time passes here (but at a pace: see `stack_operations_take_time`). States change by the
clock, when they are read.
"""

import contextvars
import copy
import functools
import os
import threading
import time

import pace
from cloud_clock import CLOCK
from patches.handlers import put_handler

SPEED = float(os.environ.get("SEEDBED_SPEED", "1"))
# Seconds of cloud time. Lambda takes about a second for a zip, two minutes for a snapshot; it publishes no numbers.
FUNCTION_SECONDS, VERSION_SECONDS, SNAPSHOT_SECONDS = 1, 2, 120

PENDING = {"State": "Pending", "StateReason": "The function is being created.", "StateReasonCode": "Creating"}
ACTIVE = {"State": "Active", "StateReason": "", "StateReasonCode": ""}
IN_PROGRESS = {"LastUpdateStatus": "InProgress", "LastUpdateStatusReason": "", "LastUpdateStatusReasonCode": ""}
SUCCESSFUL = {"LastUpdateStatus": "Successful", "LastUpdateStatusReason": "", "LastUpdateStatusReasonCode": ""}
NOT_NOW = "The operation cannot be performed at this time."


class Change:
    """Of a function, or the making of a version.

    `before`: the function's record as it serves meanwhile; `snapshot`: the configuration in which MiniStack notes how
    the initialization of a version with SnapStart went.
    """

    def __init__(self, record, seconds, before=None, snapshot=None):
        self.record, self.before, self.snapshot = record, before, snapshot
        takes = seconds / SPEED
        self.due = CLOCK.time() + (takes if snapshot else pace.seconds("function-change", takes))

    def is_over(self):
        return CLOCK.time() >= self.due and self.is_initialized()

    def is_initialized(self):
        return self.snapshot is None or self.snapshot["State"] != "Pending"

    def end(self):
        config = self.record["config"]
        if self.snapshot is None or self.snapshot["State"] == "Active":
            config.update({**ACTIVE, **SUCCESSFUL})
            return
        reason, code = self.snapshot["StateReason"], self.snapshot["StateReasonCode"]
        config.update({"State": "Failed", "StateReason": reason, "StateReasonCode": code})
        config.update({
            "LastUpdateStatus": "Failed", "LastUpdateStatusReason": reason, "LastUpdateStatusReasonCode": code})


def apply(lam, provisioners, stacks, **_):
    changes, lock = [], threading.Lock()
    in_stack = contextvars.ContextVar("whether CloudFormation's handler of a resource calls", default=False)
    create, update_code, update_config = lam._create_function, lam._update_code, lam._update_config
    publish, invoke, execute = lam._publish_version, lam._invoke, lam._execute_function
    initialize, on_thread = lam._snapstart_provision_version_async, stacks._runs_on_worker_thread

    def end_changes(are_over):
        with lock:
            over = [change for change in changes if are_over(change)]
            for change in over:
                changes.remove(change)
        for change in over:
            change.end()
            if change.before:  # its workers run the old code
                account, region = lam._account_region_from_function_config(change.record["config"])
                lam.invalidate_worker(
                    change.record["config"]["FunctionName"], qualifier="$LATEST", account=account, region=region)

    def settle():
        if changes:
            end_changes(Change.is_over)

    def change_of(record):
        return next((change for change in list(changes) if change.record is record), None)

    def begin(change, state):
        change.record["config"].update(state)
        with lock:
            changes.append(change)
        if in_stack.get():
            while not change.is_initialized():
                time.sleep(0.02)  # versions are made on a thread of their own: see below
            end_changes(lambda other: other is change)

    def begin_versions(func, known):
        """Begins the making of versions that were not known before. Returns the newest one's record, or None."""
        record = None
        for version in sorted(set(func["versions"]) - known, key=int):
            record = func["versions"][version]
            snapshot = record.pop("snapshot", None)
            seconds = SNAPSHOT_SECONDS if snapshot else VERSION_SECONDS
            begin(Change(record, seconds, snapshot=snapshot), {**PENDING, **IN_PROGRESS})
        return record

    def refusal(func):
        """What Lambda answers to a change of a function that is not ready, or None. CloudFormation waits until it is."""
        settle()
        change = func and change_of(func)
        if change and in_stack.get():
            end_changes(lambda other: other is change)
        elif change:
            arn = func["config"]["FunctionArn"]
            told = (
                f"An update is in progress for resource: {arn}" if change.before
                else "The function is currently in the following state: Pending")
            return lam.error_response_json("ResourceConflictException", f"{NOT_NOW} {told}", 409)
        return None

    def updating(original):
        @functools.wraps(original)
        def update(name, data):
            func = lam._functions.get(name)
            refused = refusal(func)
            if refused is not None or func is None:
                return refused or original(name, data)
            before = {**func, "config": copy.deepcopy(func["config"])}
            known = set(func["versions"])
            answer = original(name, data)
            if func["config"]["RevisionId"] == before["config"]["RevisionId"]:
                return answer
            begin(Change(func, FUNCTION_SECONDS, before=before), {**ACTIVE, **IN_PROGRESS})
            version = begin_versions(func, known)
            if data.get("Publish") and not version:
                return answer
            return lam.json_response((version or func)["config"], answer[0]) if answer[0] < 300 else answer

        return update

    @functools.wraps(create)
    def create_function(data):
        answer = create(data)
        if answer[0] < 300:
            func = lam._functions[data["FunctionName"]]
            begin(Change(func, FUNCTION_SECONDS), {**PENDING, **IN_PROGRESS})
            begin_versions(func, set())
        return answer

    @functools.wraps(publish)
    def publish_version(name, data):
        func = lam._functions.get(name)
        refused = refusal(func)
        if refused is not None or func is None:
            return refused or publish(name, data)
        known = set(func["versions"])
        answer = publish(name, data)
        version = begin_versions(func, known)
        if version and in_stack.get() and version["config"]["State"] == "Failed":
            arn = version["config"]["FunctionArn"]
            del func["versions"][version["config"]["Version"]]
            raise ValueError(f"Resource of type 'AWS::Lambda::Version' with identifier '{arn}' did not stabilize.")
        return lam.json_response(version["config"], answer[0]) if version else answer

    @functools.wraps(initialize)
    def initialize_version(name, record):
        """MiniStack's outcome is kept apart until it is time."""
        record["snapshot"] = dict(record["config"])
        initialize(name, {**record, "config": record["snapshot"]})

    @functools.wraps(invoke)
    async def invoke_when_ready(name, event, headers, path_qualifier=None, query_params=None):
        settle()
        queried = lam._qp_first(query_params or {}, "Qualifier")
        qualifier = path_qualifier or queried or lam._qp_first(headers, "x-amz-qualifier") or None
        _record, config = lam._get_func_record_for_qualifier(name, qualifier)
        if config and config.get("State") == "Pending":
            told = f"{NOT_NOW} The function is currently in the following state: Pending"
            return lam.error_response_json("ResourceConflictException", told, 409)
        return await invoke(name, event, headers, path_qualifier, query_params)

    @functools.wraps(execute)
    def execute_what_serves(func, event):
        settle()
        config = func.get("config") or func
        if config.get("State") == "Pending":
            told = f"{NOT_NOW} The function is currently in the following state: Pending"
            return {"body": {"errorType": "ResourceConflictException", "errorMessage": told}, "error": True, "log": ""}
        latest = lam._functions.get(config.get("FunctionName")) if config.get("Version") == "$LATEST" else None
        change = latest and change_of(latest)
        if change and change.before and config["FunctionArn"].startswith(latest["config"]["FunctionArn"]):
            func = {**change.before, "config": {**change.before["config"], "FunctionArn": config["FunctionArn"]}}
        return execute(func, event)

    def settled(original):
        @functools.wraps(original)
        def read(*args, **kwargs):
            settle()
            return original(*args, **kwargs)

        return read

    def waiting(original):
        """CloudFormation's handler of a resource, which ends when what it has made is ready."""

        @functools.wraps(original)
        def handle(*args, **kwargs):
            token = in_stack.set(True)
            try:
                return original(*args, **kwargs)
            finally:
                in_stack.reset(token)

        return handle

    lam._create_function = create_function
    lam._update_code, lam._update_config = updating(update_code), updating(update_config)
    lam._publish_version = publish_version
    lam._invoke = invoke_when_ready
    lam._execute_function = execute_what_serves
    lam._snapstart_provision_version_async = initialize_version
    lam._schedule_state_transition = lambda *args: None
    for name in ("_get_function", "_get_function_config", "_list_functions", "_list_versions"):
        setattr(lam, name, settled(getattr(lam, name)))
    for name in ("_lambda_create", "_lambda_update", "_lambda_version_create", "_lambda_version_update"):
        put_handler(provisioners, name, waiting(getattr(provisioners, name)))
    def runs_on_worker_thread(resource):
        # What a version with SnapStart does as it is initialized may call this server. All others are made at once.
        snaps = (func["config"].get("SnapStart", {}).get("ApplyOn") for func in lam._functions.values())
        return (resource == "AWS::Lambda::Version" and "PublishedVersions" in snaps) or on_thread(resource)

    stacks._runs_on_worker_thread = runs_on_worker_thread
