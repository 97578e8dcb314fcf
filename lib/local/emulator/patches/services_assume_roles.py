"""A service that acted with a role was not asked whether the role trusts it: functions had any role, and an account's root
stood for every service.

The gateway's services get sessions by `POST /_seedbed/session`, if the role's trust policy lets that service assume it for
that resource (docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html). Lambda assumes a function's role for the
function (docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html, "cross-service confused deputy"), as it is
given and each time that the function runs. An account's root is no service.
"""

import functools
import json
import secrets

from patches.gateway_speaks_for_callers import BY_GATEWAY
from patches.handlers import put_handler, refused_by
from patches.rights import session_of, trusts

SESSION = "/_seedbed/session"
SERVICE = "lambda.amazonaws.com"
TOLD = "The role defined for the function cannot be assumed by Lambda."


def apply(app, evaluator, lam, provisioners, responses, sts, **_):
    shortcuts, matches = app._handle_post_body_shortcuts, evaluator._trust_principal_matches

    @functools.wraps(shortcuts)
    async def handle(method, path, headers, body, query_params, request_id):
        if path != SESSION or not BY_GATEWAY.get():
            return await shortcuts(method, path, headers, body, query_params, request_id)
        return 200, {"Content-Type": "application/json"}, json.dumps(session_for(json.loads(body))).encode()

    def session_for(asked):
        """Credentials of the role of `{roleArn, service, sourceArn, sessionName}`, or none."""
        role = asked["roleArn"]
        if not trusts(evaluator, role, asked["service"], asked["sourceArn"]):
            return {}
        key, secret, token = f"ASIA{secrets.token_hex(8).upper()}", secrets.token_hex(20), secrets.token_hex(32)
        sts.register_session(key, {
            "Arn": session_of(role, asked["sessionName"]), "UserId": f"{sts._role_id(role)}:{asked['sessionName']}",
            "SecretAccessKey": secret, "SessionToken": token, "AccountId": role.split(":")[4],
            "PrincipalType": "AssumedRole",
        })
        return {"accessKey": key, "secretKey": secret, "token": token}

    @functools.wraps(matches)
    def trust_principal_matches(principal, caller_arn, federated):
        if not federated and isinstance(principal, dict):
            principal = {kind: names for kind, names in principal.items() if kind != "Service"}
        return matches(principal, caller_arn, federated)

    def untrusted(role, name):
        if not str(role or "").startswith("arn:"):
            return False
        function = f"arn:aws:lambda:{responses.get_region()}:{responses.get_account_id()}:function:{name}"
        return not trusts(evaluator, role, SERVICE, function)

    def of_call(original, name_of):
        @functools.wraps(original)
        def call(*args):
            if untrusted(args[-1].get("Role"), name_of(*args)):
                return responses.error_response_json("InvalidParameterValueException", TOLD, 400)
            return original(*args)

        return call

    def of_stack(original, properties_of):
        @functools.wraps(original)
        def handle_resource(*args, **kwargs):
            properties = properties_of(*args)
            if untrusted(properties.get("Role"), properties.get("FunctionName", "*")):
                raise refused_by("Lambda", ("InvalidParameterValueException", TOLD, 400), "InvalidRequest")
            return original(*args, **kwargs)

        return handle_resource

    invoke, execute = lam._invoke, lam._execute_function

    def cannot_run(config):
        role = (config or {}).get("Role", "")
        return role.startswith("arn:") and not trusts(evaluator, role, SERVICE, function_of(config))

    def function_of(config):
        return ":".join(config["FunctionArn"].split(":")[:7])

    @functools.wraps(invoke)
    async def invoke_as_role(name, *args, **kwargs):
        if cannot_run((lam._functions.get(name) or {}).get("config")):
            return responses.error_response_json("AccessDeniedException", TOLD, 403)
        return await invoke(name, *args, **kwargs)

    @functools.wraps(execute)
    def execute_as_role(func, event):
        if cannot_run(func.get("config") or func):
            return {"body": {"errorType": "AccessDeniedException", "errorMessage": TOLD}, "error": True, "log": ""}
        return execute(func, event)

    app._handle_post_body_shortcuts = handle
    evaluator._trust_principal_matches = trust_principal_matches
    lam._create_function = of_call(lam._create_function, lambda data: data.get("FunctionName"))
    lam._update_config = of_call(lam._update_config, lambda name, data: name)
    lam._invoke, lam._execute_function = invoke_as_role, execute_as_role
    for name, properties_of in (
        ("_lambda_create", lambda logical_id, properties, *rest: properties),
        ("_lambda_update", lambda physical_id, old, new, *rest: new if new.get("Role") != old.get("Role") else {}),
    ):
        put_handler(provisioners, name, of_stack(getattr(provisioners, name), properties_of))
