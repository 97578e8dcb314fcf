"""MiniStack checks signatures; the gateway's services call on behalf of others, whose secrets they do not have.

What they ask is judged like any call, by the rights of the caller in whose name they ask. `POST /_seedbed/judgement`
judges what never reaches MiniStack: the calls that the gateway answers itself.
"""

import contextvars
import functools
import json

HEADER = b"x-seedbed-gateway"
JUDGEMENT = "/_seedbed/judgement"
BY_GATEWAY = contextvars.ContextVar("whether the gateway itself makes this call", default=False)


def apply(app, evaluator, responses, gateway_key, **_):
    pin, shortcuts = app.pin_signed_request, app._handle_post_body_shortcuts

    def is_gateway(value):
        return gateway_key is not None and value == gateway_key

    @functools.wraps(pin)
    def pin_signed_request(method, raw_path, query_params, raw_headers, handshake=False):
        shown = next((value for name, value in raw_headers if name.lower() == HEADER), b"")
        BY_GATEWAY.set(is_gateway(shown.decode("latin-1")))
        if not BY_GATEWAY.get():
            return pin(method, raw_path, query_params, raw_headers, handshake)
        evaluator._verified_key.set("")
        evaluator._anonymous.set(False)
        evaluator._signed_request.set(None)  # nothing to verify

    @functools.wraps(shortcuts)
    async def handle(method, path, headers, body, query_params, request_id):
        if path != JUDGEMENT or not is_gateway(headers.get(HEADER.decode())):
            return await shortcuts(method, path, headers, body, query_params, request_id)
        return 200, {"Content-Type": "application/json"}, json.dumps(judge(json.loads(body))).encode()

    def judge(asked):
        """Of `{accessKey, region, rights: [{action, resource, context}]}` the first that the caller does not have."""
        responses.set_request_account_id(asked["accessKey"])
        responses.set_request_region(asked["region"])
        for right in asked["rights"]:
            action, resource = right["action"], right["resource"]
            denied = evaluator.enforce(
                asked["accessKey"], action, action.split(":")[0], asked["region"], resource, right.get("context"))
            if isinstance(denied, evaluator.AuthError):
                return {"code": denied.code, "message": denied.message}
            if denied:
                explicit = denied.decision == "Deny"
                because = "with an explicit deny" if explicit else f"because no identity-based policy allows the {action} action"
                told = f"User: {denied.principal_arn} is not authorized to perform: {action} on resource: {resource} {because}"
                return {"code": "AccessDeniedException", "message": told}
        return {}

    app.pin_signed_request = pin_signed_request
    app._handle_post_body_shortcuts = handle
