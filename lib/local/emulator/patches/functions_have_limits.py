"""Variables, policies and payloads of functions could have any size.

docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import functools
import json

import quotas
from patches.handlers import put_handler, refused_by

VARIABLES, POLICY = "lambda-variables", "lambda-function-policy"
SYNCHRONOUS, ASYNCHRONOUS = "lambda-synchronous-payload", "lambda-asynchronous-payload"


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def apply(lam, provisioners, responses, **_):
    create, update, permit, invoke = lam._create_function, lam._update_config, lam._add_permission, lam._invoke
    create_resource = provisioners._lambda_create

    def refused_variables(settings):
        measured = compact((settings.get("Environment") or {}).get("Variables") or {})
        account = responses.get_account_id()
        if len(measured.encode()) > quotas.figure(VARIABLES, account):
            return quotas.error(VARIABLES, account, measured=measured)
        return None

    @functools.wraps(create)
    def create_function(data):
        error = refused_variables(data)
        return lam.error_response_json(*error) if error else create(data)

    @functools.wraps(update)
    def update_config(name, data):
        error = refused_variables(data)
        return lam.error_response_json(*error) if error else update(name, data)

    @functools.wraps(create_resource)
    def create_stack_function(logical_id, props, stack_name):
        error = refused_variables(props)
        if error:
            raise refused_by("Lambda", error, "InvalidRequest")
        return create_resource(logical_id, props, stack_name)

    @functools.wraps(permit)
    def add_permission(func_name, *args, **kwargs):
        answer = permit(func_name, *args, **kwargs)
        if answer[0] >= 400:
            return answer
        # A function and each of its aliases and versions have a policy of their own.
        statements, account = lam._functions[func_name]["policy"]["Statement"], responses.get_account_id()
        own = [one for one in statements if one["Resource"] == statements[-1]["Resource"]]
        size = len(compact({"Version": "2012-10-17", "Id": "default", "Statement": own}).encode())
        if size <= quotas.figure(POLICY, account):
            return answer
        statements.pop()
        return lam.error_response_json(*quotas.error(POLICY, account, size=size))

    @functools.wraps(invoke)
    async def invoke_function(name, event, headers, *args, **kwargs):
        kind = headers.get("x-amz-invocation-type") or headers.get("X-Amz-Invocation-Type")
        quota, account = ASYNCHRONOUS if kind == "Event" else SYNCHRONOUS, responses.get_account_id()
        if int(headers.get("content-length") or 0) > quotas.figure(quota, account):
            return lam.error_response_json(*quotas.error(quota, account))
        status, answer_headers, body = await invoke(name, event, headers, *args, **kwargs)
        most = quotas.figure(SYNCHRONOUS, account)
        if status != 200 or len(body) <= most:
            return status, answer_headers, body
        # AWS tells of a hundred bytes more than it takes.
        message = f"Response payload size exceeded maximum allowed payload size ({most + 100} bytes)."
        told = json.dumps({"errorType": "Function.ResponseSizeTooLarge", "errorMessage": message}).encode()
        return status, {**answer_headers, "X-Amz-Function-Error": "Unhandled"}, told

    lam._create_function, lam._update_config = create_function, update_config
    lam._add_permission, lam._invoke = add_permission, invoke_function
    put_handler(provisioners, "_lambda_create", create_stack_function)
