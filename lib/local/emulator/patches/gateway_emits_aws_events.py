"""PutEvents refuses aws.* sources, as on AWS; the gateway's services must emit theirs."""

import functools


def apply(events, gateway_key, **_):
    put_events = events._put_events

    @functools.wraps(put_events)
    def put(data, allow_aws_source=False):
        is_gateway = gateway_key is not None and data.get("SeedbedKey") == gateway_key
        return put_events(data, allow_aws_source or is_gateway)

    events._put_events = put
