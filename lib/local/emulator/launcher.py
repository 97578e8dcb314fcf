"""Starts MiniStack with patches that can only be made from inside. Each is one entry of PATCHES, with its reason, and
has a test in test/local. The patches use private names, so the launcher refuses any other version than the pinned one.

Environment: SEEDBED_BIND_PORT is the port to listen on; GATEWAY_PORT is the gateway's, which MiniStack puts into the
addresses that it returns (queue URLs, function URLs, code locations), so that those lead through the gateway too.
SEEDBED_SPEED compresses the periods of CloudWatch's alarms; SEEDBED_CLOCK_FILE, if set, has the time by which they go.
"""

import base64
import contextvars
import functools
import hashlib
import inspect
import json
import os
import random
import signal
import sys
import threading
import time

sys.dont_write_bytecode = True  # nothing beside our sources
from alarm_evaluation import evaluate_alarms
from lambda_metrics import publish_metrics

sys.dont_write_bytecode = False

SUPPORTED = "1.5.33"

NOT_CONFIGURATION = {
    "FunctionArn", "Version", "RevisionId", "LastModified", "State", "StateReason", "StateReasonCode",
    "LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode",
}


def listen_behind_the_gateway(app, **_):
    app._resolve_port = lambda: os.environ["SEEDBED_BIND_PORT"]


def weighted_aliases(lam, **_):
    reading = contextvars.ContextVar("reading", default=False)
    effective, invoke = lam._effective_func_record_for_qualifier, lam._invoke

    def pick(func, qualifier):
        """The version that serves one invocation of an alias with routing weights, else the qualifier itself."""
        alias = (func or {}).get("aliases", {}).get(qualifier)
        weights = ((alias or {}).get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        chance = random.random()
        for version, weight in weights.items():
            chance -= float(weight)
            if chance < 0:
                return version
        return qualifier

    @functools.wraps(effective)
    def picked_record(func, qualifier):
        return effective(func, qualifier if reading.get() else pick(func, qualifier))

    @functools.wraps(invoke)
    async def picked_invoke(name, event, headers, path_qualifier=None, query_params=None):
        queried = lam._qp_first(query_params or {}, "Qualifier")
        qualifier = path_qualifier or queried or lam._qp_first(headers, "x-amz-qualifier")
        version = pick(lam._functions.get(name), qualifier)
        return await invoke(name, event, headers, path_qualifier if version == qualifier else version, query_params)

    def reader(original):
        @functools.wraps(original)
        def read(*args, **kwargs):
            token = reading.set(True)
            try:
                return original(*args, **kwargs)
            finally:
                reading.reset(token)

        return read

    lam._effective_func_record_for_qualifier = picked_record
    lam._invoke = picked_invoke
    lam._get_function = reader(lam._get_function)
    lam._get_function_config = reader(lam._get_function_config)


def fingerprint(config):
    return json.dumps({key: value for key, value in config.items() if key not in NOT_CONFIGURATION}, sort_keys=True)


def publish_only_changes(lam, provisioners, **_):
    publish, update_code, version_create = lam._publish_version, lam._update_code, provisioners._lambda_version_create

    def same_as_latest(func):
        """The newest version if its code and configuration are the same. MiniStack only compares revisions."""
        newest = max(func["versions"], key=int, default=None)
        record = func["versions"].get(newest)
        if not record or record.get("seedbed_fingerprint") != fingerprint(func["config"]):
            return None
        record["function_revision"] = func["config"].get("RevisionId")
        return record

    @functools.wraps(publish)
    def publish_version(name, data):
        func = lam._functions.get(name)
        if func:
            if data.get("CodeSha256") and data["CodeSha256"] != func["config"].get("CodeSha256"):
                return lam.error_response_json(
                    "InvalidParameterValueException",
                    f"CodeSHA256 ({data['CodeSha256']}) is different from current CodeSHA256 in $LATEST "
                    f"({func['config'].get('CodeSha256')}). Please try again with the CodeSHA256 in $LATEST.", 400)
            refused = lam._check_revision(func["config"], data)
            if refused is not None:
                return refused
            record = same_as_latest(func)
            if record:
                return lam.json_response(record["config"], 201)
        answer = publish(name, data)
        if answer[0] < 300:
            version = json.loads(answer[2])["Version"]
            func["versions"][version]["seedbed_fingerprint"] = fingerprint(func["config"])
        return answer

    @functools.wraps(update_code)
    def update_and_publish(name, data):
        answer = update_code(name, {key: value for key, value in data.items() if key != "Publish"})
        if answer[0] >= 300 or not data.get("Publish"):
            return answer
        published = publish_version(name, {})
        return (200, *published[1:]) if published[0] < 300 else published

    @functools.wraps(version_create)
    def create_version_resource(logical_id, props, stack_name):
        func, _name = provisioners._lambda_version_function(props)
        if func:
            same_as_latest(func)  # notes the revision, so that the original refuses as AWS does
        return version_create(logical_id, props, stack_name)

    lam._publish_version = publish_version
    lam._update_code = update_and_publish
    provisioners._lambda_version_create = create_version_resource
    replace_handlers(provisioners, version_create, create_version_resource)


def dry_run_changes_nothing(lam, **_):
    update_code = lam._update_code

    @functools.wraps(update_code)
    def update(name, data):
        func = lam._functions.get(name)
        if not func or not data.get("DryRun"):
            return update_code(name, data)
        refused = lam._check_revision(func["config"], data)
        if refused is None and "ZipFile" in data:
            refused = lam._reject_unreadable_zip(base64.b64decode(data["ZipFile"]))
        return lam.json_response(func["config"]) if refused is None else refused

    lam._update_code = update


def missing_code_is_an_error(lam, provisioners, **_):
    update_code, create_function, stack_create = lam._update_code, lam._create_function, provisioners._lambda_create

    def reason_missing(code):
        """Lambda's message about a missing S3 object, or None if it exists."""
        from ministack.services import s3

        bucket, key = code.get("S3Bucket"), code.get("S3Key")
        if not bucket or not key:
            return None
        if lam._fetch_code_from_s3(bucket, key, version_id=code.get("S3ObjectVersion")) is not None:
            return None
        error, thing = ("NoSuchBucket", "bucket") if s3.bucket_region(bucket) is None else ("NoSuchKey", "key")
        told = f"S3 Error Code: {error}. S3 Error Message: The specified {thing} does not exist."
        return f"Error occurred while GetObject. {told}"

    def refusing(original, code_of):
        @functools.wraps(original)
        def call(*args):
            reason = reason_missing(code_of(*args))
            return lam.error_response_json("InvalidParameterValueException", reason, 400) if reason else original(*args)

        return call

    @functools.wraps(stack_create)
    def create_resource(logical_id, props, stack_name):
        reason = reason_missing(props.get("Code", {}))
        if reason:
            raise ValueError(f"Resource handler returned message: \"{reason}\" (HandlerErrorCode: InvalidRequest)")
        return stack_create(logical_id, props, stack_name)

    lam._update_code = refusing(update_code, lambda name, data: data)
    lam._create_function = refusing(create_function, lambda data: data.get("Code", {}))
    provisioners._lambda_create = create_resource
    replace_handlers(provisioners, stack_create, create_resource)


def code_is_read_across_accounts(s3, responses, **_):
    get_object_data = s3._get_object_data

    @functools.wraps(get_object_data)
    def read(bucket_name, *args, **kwargs):
        owner = s3._bucket_owner_account(bucket_name)
        if owner is None or owner == responses.get_account_id():
            return get_object_data(bucket_name, *args, **kwargs)
        context = contextvars.copy_context()
        context.run(responses._request_account_id.set, owner)
        return context.run(get_object_data, bucket_name, *args, **kwargs)

    s3._get_object_data = read


def workers_have_their_role(lam, runtime, sts, **_):
    def execution_credentials(config):
        """Temporary credentials of the function's role. As on AWS, the session is named after the function."""
        account, _region = runtime._account_region_from_function_config(config)
        role = config.get("Role", "").rsplit("/", 1)[-1]
        name = config["FunctionName"]
        digest = hashlib.sha256(f"{account}:{config.get('Role')}:{name}".encode()).hexdigest()
        key, secret, token = f"ASIA{digest[:16].upper()}", digest[:40], digest
        sts.register_session(key, {
            "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
            "UserId": f"AROA{digest[16:33].upper()}:{name}",
            "SecretAccessKey": secret,
            "SessionToken": token,
        })
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    runtime.execution_credentials = execution_credentials
    lam.execution_credentials = execution_credentials


def invocations_outlive_updates(lam, runtime, **_):
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


def errors_keep_their_name(lam, runtime, **_):
    name = contextvars.ContextVar("name of the error that a handler threw", default=None)
    invoke, execute = runtime.Worker.invoke, lam._execute_function_warm

    def told(script, reported, thrown):
        if reported not in script:
            raise RuntimeError(f"the worker no longer reports errors as {reported}")
        return script.replace(reported, f"{reported}, {thrown}")

    runtime._NODEJS_WORKER_SCRIPT = told(
        told(runtime._NODEJS_WORKER_SCRIPT, 'error: String(err.message || err)', "name: err.name"),
        "error: e.message", "name: e.name",
    )
    runtime._PYTHON_WORKER_SCRIPT = told(
        runtime._PYTHON_WORKER_SCRIPT, '"error": str(e), "trace": traceback.format_exc()', '"name": type(e).__name__'
    )

    @functools.wraps(invoke)
    def invoke_worker(*args, **kwargs):
        result = invoke(*args, **kwargs)
        name.set(result.get("name") if result.get("status") == "error" else None)
        return result

    @functools.wraps(execute)
    def execute_function(*args, **kwargs):
        name.set(None)
        answer = execute(*args, **kwargs)
        body = answer.get("body")
        if answer.get("error") and name.get() and body.get("errorType") == "Runtime.HandlerError":
            body["errorType"] = name.get()
        return answer

    runtime.Worker.invoke = invoke_worker
    lam._execute_function_warm = execute_function


def races_of_the_emulator_are_no_errors(lam, **_):
    execute = lam._execute_function_warm
    race = "dictionary changed size during iteration"

    class Snapshots(dict):
        """A dict whose iterators see one moment, whatever other threads change meanwhile."""

        def __iter__(self):
            return iter(list(super().keys()))

        def values(self):
            return list(super().values())

        def items(self):
            return list(super().items())

    for store in (lam._functions, lam._layers):
        store._data = Snapshots(store._data)

    @functools.wraps(execute)
    def execute_function(func, event, request_id):
        answer = execute(func, event, request_id)
        for _ in range(3):
            if not answer.get("error") or race not in str(answer.get("body")):
                break
            answer = execute(func, event, request_id)
        return answer

    lam._execute_function_warm = execute_function


def killed_workers_are_named(lam, runtime, **_):
    execute = lam._execute_function_warm
    if '"Worker process died"' not in inspect.getsource(runtime.Worker.invoke):
        raise RuntimeError("a worker that died is no longer reported as such")

    @functools.wraps(execute)
    def execute_function(func, event, request_id):
        answer = execute(func, event, request_id)
        body = answer.get("body")
        if answer.get("error") and body.get("errorMessage") == "Worker process died":
            message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
            body.update(errorType="Runtime.ExitError", errorMessage=message)
        return answer

    lam._execute_function_warm = execute_function


def executions_start_at_once(steps, **_):
    code, wait = steps._run_execution.__code__, 0.15
    if wait not in code.co_consts:
        raise RuntimeError(f"an execution no longer waits {wait} s before its first state")
    constants = tuple(0 if const == wait else const for const in code.co_consts)
    steps._run_execution.__code__ = code.replace(co_consts=constants)


def failed_maps_begin_nothing_more(steps, **_):
    class Pool(steps.ThreadPoolExecutor):
        def submit(self, run, function, /, *args):
            # The list where the items of a Map leave their errors; other functions have none.
            if inspect.isfunction(function):
                errors = inspect.getclosurevars(function).nonlocals.get("errors", ())
            else:
                errors = ()

            def unless_failed(*inner):
                if all(error is None for error in errors):
                    return function(*inner)

            return super().submit(run, unless_failed, *args)

    steps.ThreadPoolExecutor = Pool


def unresolved_properties_fail_their_resource(stacks, **_):
    static_property = stacks._static_property

    @functools.wraps(static_property)
    def resolve(*args):
        try:
            return static_property(*args)
        except ValueError:
            return None  # "only resolves at deploy time": there the resource fails of it, and the stack rolls back

    stacks._static_property = resolve


def gateway_emits_aws_events(events, **_):
    put_events, key = events._put_events, os.environ.pop("SEEDBED_EVENTS_KEY", None)

    @functools.wraps(put_events)
    def put(data, allow_aws_source=False):
        return put_events(data, allow_aws_source or (key is not None and data.get("SeedbedKey") == key))

    events._put_events = put


def rules_invoke_until_it_works(lam, events, **_):
    dispatch = events._dispatch_to_lambda

    @functools.wraps(dispatch)
    def invoke(arn, payload):
        func, config, _name = lam._get_func_record_for_ref(arn)
        try:
            event = json.loads(payload)
        except ValueError:
            event = None
        if not func or not config or event is None:
            return dispatch(arn, payload)
        lam.invoke_async_with_retry(lam._execution_record_for_config(func, config), event)

    events._dispatch_to_lambda = invoke


def projects_keep_all_settings(codebuild, provisioners, **_):
    kept = ("logsConfig", "cache", "queuedTimeoutInMinutes", "concurrentBuildLimit")
    shape, create, update = codebuild._project_shape, codebuild._create_project, codebuild._update_project
    stack_create, stack_update = provisioners._codebuild_project_create, provisioners._codebuild_project_update

    def keeping(original):
        @functools.wraps(original)
        def call(data):
            answer = original(data)
            keep(data.get("name"), data)
            return answer

        return call

    def keep(name, settings):
        project = codebuild._projects.get(name)
        if project is not None:
            project.update({key: settings[key] for key in kept if key in settings})

    def keeping_properties(original, props_at):
        @functools.wraps(original)
        def call(*args):
            answer = original(*args)
            keep(answer[0], provisioners._codebuild_cfn_to_api(args[props_at]))
            return answer

        replace_handlers(provisioners, original, call)
        return call

    def shape_with_all(project):
        return {**shape(project), **{key: project[key] for key in kept if key in project}}

    codebuild._project_shape = shape_with_all
    codebuild._create_project, codebuild._update_project = keeping(create), keeping(update)
    provisioners._codebuild_project_create = keeping_properties(stack_create, 1)
    provisioners._codebuild_project_update = keeping_properties(stack_update, 2)


PATCHES = [
    (listen_behind_the_gateway, "addresses that MiniStack returns must lead through the gateway"),
    (weighted_aliases, "MiniStack stores an alias's routing weights and never applies them; every shift needs them"),
    (publish_metrics, "only some invocations were counted, and none by alias and version, which alarms of shifts need"),
    (evaluate_alarms, "alarms were evaluated only when metrics were put, ignoring dimensions and missing data"),
    (publish_only_changes, "publishing unchanged code and configuration made a new version; AWS returns the newest"),
    (dry_run_changes_nothing, "UpdateFunctionCode with DryRun changed the code"),
    (missing_code_is_an_error, "code missing in S3 made an empty function; AWS refuses it and a stack rolls back"),
    (code_is_read_across_accounts, "templates and code were looked for only in buckets of the caller's account"),
    (workers_have_their_role, "all functions called AWS as the account; a session of its role shows which one calls"),
    (invocations_outlive_updates, "updating a function killed its running invocations; on AWS they run to their end"),
    (errors_keep_their_name, "every error of a handler became Runtime.HandlerError; Retry and Catch match on names"),
    (killed_workers_are_named, "a worker that was killed counted as an error that its handler threw"),
    (races_of_the_emulator_are_no_errors, "invoking a function while others were deleted failed with a RuntimeError"),
    (executions_start_at_once, "every execution, nested ones too, slept 0.15 s before its first state"),
    (failed_maps_begin_nothing_more, "a Map began further items after one had failed"),
    (unresolved_properties_fail_their_resource, "a bucket named after a missing export left its stack in progress"),
    (gateway_emits_aws_events, "PutEvents refuses aws.* sources, as on AWS; the gateway's services must emit theirs"),
    (rules_invoke_until_it_works, "a rule invoked its function once; Lambda retries a failed event twice"),
    (projects_keep_all_settings, "a CodeBuild project forgot its log group and cache, which the gateway's builds need"),
]


def replace_handlers(provisioners, old, new):
    """Replaces a function in CloudFormation's tables of resource handlers, which refer to it directly."""
    for table in vars(provisioners).values():
        if isinstance(table, dict):
            for handlers in table.values():
                if isinstance(handlers, dict):
                    for action, handler in handlers.items():
                        if handler is old:
                            handlers[action] = new


def end_with_the_guard():
    """The guard ends this process group when its owner dies. If the guard itself is killed, we do that ourselves."""
    guard = os.getppid()

    def watch():
        while os.getppid() == guard:
            time.sleep(1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def main():
    from importlib.metadata import version

    if version("ministack") != SUPPORTED:
        found = version("ministack")
        sys.exit(f"this launcher patches ministack {SUPPORTED}, not {found}: remove .seedbed/venv and start again")
    from ministack import app
    from ministack.core import lambda_runtime, responses
    from ministack.services import cloudwatch, codebuild, eventbridge, lambda_svc, s3, stepfunctions, sts
    from ministack.services.cloudformation import provisioners, stacks

    for patch, _reason in PATCHES:
        patch(
            app=app, cloudwatch=cloudwatch, codebuild=codebuild, events=eventbridge, lam=lambda_svc,
            provisioners=provisioners, responses=responses, runtime=lambda_runtime, s3=s3, stacks=stacks,
            steps=stepfunctions, sts=sts,
        )
    end_with_the_guard()
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
