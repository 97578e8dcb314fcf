"""PutEvents refuses aws.* sources, as on AWS; the gateway's services must emit theirs."""

import functools

from patches.gateway_speaks_for_callers import BY_GATEWAY


def apply(events, **_):
    put_events = events._put_events

    @functools.wraps(put_events)
    def put(data, allow_aws_source=False):
        return put_events(data, allow_aws_source or BY_GATEWAY.get())

    events._put_events = put
