"""Code missing in S3 made an empty function; AWS refuses it and a stack rolls back."""

from patches.handlers import refuse_code


def apply(lam, provisioners, **_):
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

    refuse_code(
        lam, provisioners, reason_missing, creators=("_lambda_create",),
        error=("InvalidParameterValueException", 400), told='" (HandlerErrorCode: InvalidRequest)')
