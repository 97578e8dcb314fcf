"""Code was read from S3 with nobody's rights. Lambda reads it with those of whoever called: in a stack operation its
role, which has to be let in by the bucket too if that is of another account (github.com/aws/aws-cdk/issues/3765).
"""

from patches.handlers import refuse_code
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

    refuse_code(
        lam, provisioners, denial, creators=("_lambda_create", "_lambda_layer_create"),
        error=("AccessDeniedException", 403),
        told=' (Service: Lambda, Status Code: 403)" (HandlerErrorCode: AccessDenied)')
