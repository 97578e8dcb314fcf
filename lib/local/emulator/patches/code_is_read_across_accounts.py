"""Templates and code were looked for only in buckets of the caller's account."""

import contextvars
import functools


def apply(s3, responses, **_):
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
