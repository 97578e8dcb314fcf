"""A rule invoked its function once; Lambda retries a failed event twice."""

import functools
import json


def apply(lam, events, **_):
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
