"""MiniStack takes an account's number as the access key of its root, whatever the signature, and so anybody who can send a
request would be root. A root has to sign like everybody, with the secret that each local cloud makes up for itself
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html).

`POST /_seedbed/signature` says whether a request is signed that MiniStack never gets: one that the gateway answers itself.
"""

import contextvars
import functools
import json
from urllib.parse import parse_qs

from patches.gateway_speaks_for_callers import BY_GATEWAY

SIGNATURE = "/_seedbed/signature"
PINNING = contextvars.ContextVar("whether a request is kept for its signature to be verified", default=False)


def apply(app, evaluator, responses, **_):
    is_root, pin, shortcuts = evaluator._is_root_key, app.pin_signed_request, app._handle_post_body_shortcuts

    @functools.wraps(is_root)
    def is_root_key(access_key):
        return not PINNING.get() and is_root(access_key)

    def keep_as_sent(keep, *args, **kwargs):
        token = PINNING.set(True)
        try:
            return keep(*args, **kwargs)
        finally:
            PINNING.reset(token)

    @functools.wraps(pin)
    def pin_signed_request(*args, **kwargs):
        return keep_as_sent(pin, *args, **kwargs)

    def unsigned_root(account):
        """Why a request that a root should have signed is refused, or None; others are verified where they are judged."""
        request = evaluator._signed_request.get()
        if request is None or not is_root(request.access_key_id):
            return None
        told = evaluator.authenticate(request.access_key_id, account)
        return told if isinstance(told, evaluator.AuthError) else None

    @functools.wraps(shortcuts)
    async def handle(method, path, headers, body, query_params, request_id):
        if path == SIGNATURE and BY_GATEWAY.get():
            return 200, {"Content-Type": "application/json"}, json.dumps(verify(json.loads(body))).encode()
        denied = unsigned_root(responses.get_account_id())
        if denied:
            service = app.detect_service(method, path, headers, query_params)
            return app._credential_failure(service, "", request_id, denied, headers)
        return await shortcuts(method, path, headers, body, query_params, request_id)

    def verify(asked):
        """Of `{accessKey, method, path, query, headers, body}` what is wrong with the signature."""
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in asked["headers"]]
        query = parse_qs(asked["query"], keep_blank_values=True)
        responses.set_request_account_id(asked["accessKey"])
        keep_as_sent(evaluator.pin_signed_request, asked["method"], asked["path"], query, headers)
        evaluator.pin_signed_body(asked["body"].encode())
        told = evaluator.authenticate(asked["accessKey"], responses.get_account_id())
        if told is None:
            return {"code": "MissingAuthenticationTokenException", "message": "Missing Authentication Token"}
        return {"code": told.code, "message": told.message} if isinstance(told, evaluator.AuthError) else {}

    evaluator._is_root_key = is_root_key
    app.pin_signed_request = pin_signed_request
    app._handle_post_body_shortcuts = handle
