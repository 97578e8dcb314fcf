"""What a service did for a caller was judged as if by the caller's role: without the policies of a session, and for users
with none at all. The access key tells whose policies they are.
"""

import functools

from patches.rights import CALLER_KEY


def apply(evaluator, **_):
    pin = evaluator.pin_request_caller

    @functools.wraps(pin)
    def pin_request_caller(headers, query_params=None):
        from ministack.core.router import extract_access_key_id

        CALLER_KEY.set(extract_access_key_id(headers or {}, query_params or {}) or "")
        return pin(headers, query_params)

    evaluator.pin_request_caller = pin_request_caller
