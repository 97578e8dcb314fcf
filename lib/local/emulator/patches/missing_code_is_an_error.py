"""Code missing in S3 made an empty function; AWS refuses it and a stack rolls back."""

import functools

from patches.handlers import replace_handlers


def apply(lam, provisioners, **_):
    update_code, create_function, stack_create = lam._update_code, lam._create_function, provisioners._lambda_create

    def reason_missing(code):
        """Lambda's message about a missing S3 object, or None if it exists."""
        from ministack.services import s3

        bucket, key = code.get("S3Bucket"), code.get("S3Key")
        if not bucket or not key:
            return None
        if lam._fetch_code_from_s3(bucket, key, version_id=code.get("S3ObjectVersion")) is not None:
            return None
        error, thing = ("NoSuchBucket", "bucket") if s3.bucket_region(bucket) is None else ("NoSuchKey", "key")
        told = f"S3 Error Code: {error}. S3 Error Message: The specified {thing} does not exist."
        return f"Error occurred while GetObject. {told}"

    def refusing(original, code_of):
        @functools.wraps(original)
        def call(*args):
            reason = reason_missing(code_of(*args))
            return lam.error_response_json("InvalidParameterValueException", reason, 400) if reason else original(*args)

        return call

    @functools.wraps(stack_create)
    def create_resource(logical_id, props, stack_name):
        reason = reason_missing(props.get("Code", {}))
        if reason:
            raise ValueError(f"Resource handler returned message: \"{reason}\" (HandlerErrorCode: InvalidRequest)")
        return stack_create(logical_id, props, stack_name)

    lam._update_code = refusing(update_code, lambda name, data: data)
    lam._create_function = refusing(create_function, lambda data: data.get("Code", {}))
    provisioners._lambda_create = create_resource
    replace_handlers(provisioners, stack_create, create_resource)
