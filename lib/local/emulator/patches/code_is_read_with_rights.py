"""Code was read from S3 with nobody's rights. Lambda reads it with those of whoever called: in a stack operation its
role, which has to be let in by the bucket too if that is of another account (github.com/aws/aws-cdk/issues/3765).
"""

import functools

from patches.handlers import replace_handlers
from patches.rights import refused, who_acts


def apply(evaluator, lam, provisioners, responses, **_):
    def denial(code):
        """Lambda's message if who acts may not read the object, or None."""
        bucket, key, version = code.get("S3Bucket"), code.get("S3Key"), code.get("S3ObjectVersion")
        if not bucket or not key:
            return None
        action = "s3:GetObjectVersion" if version else "s3:GetObject"
        if not refused(evaluator, responses, who_acts(evaluator), action, f"arn:aws:s3:::{bucket}/{key}"):
            return None
        return (
            "Your access has been denied by S3, please make sure your request credentials have permission to GetObject "
            f"for {bucket}/{key}. S3 Error Code: AccessDenied. S3 Error Message: Access Denied")

    def refusing(original, code_of):
        @functools.wraps(original)
        def call(*args):
            reason = denial(code_of(*args))
            return lam.error_response_json("AccessDeniedException", reason, 403) if reason else original(*args)

        return call

    def refusing_resource(original):
        @functools.wraps(original)
        def create(logical_id, props, stack_name):
            reason = denial(props.get("Code") or props.get("Content") or {})
            if reason:
                raise ValueError(
                    f"Resource handler returned message: \"{reason} (Service: Lambda, Status Code: 403)\" "
                    f"(HandlerErrorCode: AccessDenied)")
            return original(logical_id, props, stack_name)

        return create

    lam._update_code = refusing(lam._update_code, lambda name, data: data)
    lam._create_function = refusing(lam._create_function, lambda data: data.get("Code", {}))
    for name in ("_lambda_create", "_lambda_layer_create"):
        original = getattr(provisioners, name)
        wrapped = refusing_resource(original)
        setattr(provisioners, name, wrapped)
        replace_handlers(provisioners, original, wrapped)
