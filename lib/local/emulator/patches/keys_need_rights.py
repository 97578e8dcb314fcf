"""What is encrypted with a customer's key was read and written without a right on the key. It needs one, in the name of
whoever calls the service that holds it:

- S3: docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
- SQS: docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
- Secrets Manager: docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
- Lambda makes a grant on its key whenever a function or its code is changed
  (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html,
  github.com/ministryofjustice/modernisation-platform/pull/8147).
"""

import functools

from patches.handlers import put_handler, refused_by
from patches.rights import denied as denied_to, who_acts

ENCRYPT, DECRYPT = "kms:GenerateDataKey", "kms:Decrypt"
KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"
OF_ACTIONS = {
    "s3:PutObject": (ENCRYPT,),
    "s3:GetObject": (DECRYPT,),
    "s3:GetObjectVersion": (DECRYPT,),
    "sqs:SendMessage": (ENCRYPT, DECRYPT),
    "sqs:ReceiveMessage": (DECRYPT,),
    "secretsmanager:GetSecretValue": (DECRYPT,),
    "secretsmanager:PutSecretValue": (ENCRYPT, DECRYPT),
}


def apply(evaluator, lam, provisioners, responses, s3, **_):
    from ministack.services import kms, secretsmanager, sqs

    enforce = evaluator.enforce

    def key_of(action, resource, context):
        """The key behind a resource, as its owner names it, or None: AWS's own keys need no right."""
        service = action.partition(":")[0]
        if service == "s3":
            bucket, _slash, name = resource.removeprefix("arn:aws:s3:::").partition("/")
            if action == "s3:PutObject":
                asked = {key.lower(): value for key, value in (context or {}).items()}.get(f"s3:{KEY_ID}")
                return asked or s3._bucket_default_sse_headers(bucket).get(KEY_ID)
            found = (s3._buckets.get(bucket) or {}).get("objects", {}).get(name) or {}
            return (found.get("preserved_headers") or {}).get(KEY_ID)
        if service == "sqs":
            return ((sqs._queue_by_arn(resource) or {}).get("attributes") or {}).get("KmsMasterKeyId")
        return next((each.get("KmsKeyId") for each in secretsmanager._secrets.values() if each.get("ARN") == resource), None)

    def lacking(who, key, actions, service, more=None):
        """Which right on a key somebody does not have, as AWS's message about it, or None."""
        if not key or "alias/aws/" in key:
            return None
        record = kms._resolve_key(key)
        arn = record["Arn"] if record else key
        context = {"kms:ViaService": f"{service}.{responses.get_region()}.amazonaws.com", **(more or {})}
        found = (denied_to(evaluator, responses, who, each, arn, context) for each in actions)
        return next((told for told in found if told), None)

    @functools.wraps(enforce)
    def with_key(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        denied = enforce(access_key_id, iam_action, service, region, resource_arn, service_context)
        needed = OF_ACTIONS.get(iam_action)
        if denied or not needed:
            return denied
        who = evaluator.caller_arn()
        told = lacking(who, key_of(iam_action, resource_arn, service_context), needed, iam_action.partition(":")[0])
        return evaluator.AuthError("AccessDenied" if service == "s3" else "KMS.AccessDeniedException", told) if told else None

    def grant_lacking(key):
        return lacking(who_acts(evaluator), key, ("kms:CreateGrant",), "lambda", {"kms:GrantIsForAWSResource": "true"})

    def of_call(original, key_of_call):
        @functools.wraps(original)
        def call(*args):
            told = grant_lacking(key_of_call(*args))
            return responses.error_response_json("AccessDeniedException", told, 403) if told else original(*args)

        return call

    def of_stack(original, key_of_resource):
        @functools.wraps(original)
        def handle(*args, **kwargs):
            told = grant_lacking(key_of_resource(*args))
            if told:
                raise refused_by("Lambda", ("AccessDeniedException", told, 403), "AccessDenied")
            name, attributes = original(*args, **kwargs)
            # A stack's functions had no key of their own.
            lam._functions[name]["config"]["KMSKeyArn"] = key_of_resource(*args) or ""
            return name, attributes

        return handle

    def its_key(name, data):
        return data.get("KMSKeyArn") or (lam._functions.get(name) or {"config": {}})["config"].get("KMSKeyArn")

    evaluator.enforce = with_key
    lam._create_function = of_call(lam._create_function, lambda data, *rest: data.get("KMSKeyArn"))
    lam._update_config = of_call(lam._update_config, its_key)
    lam._update_code = of_call(lam._update_code, its_key)
    for name, properties_at in (("_lambda_create", 1), ("_lambda_update", 2)):
        original = getattr(provisioners, name)
        wrapped = of_stack(original, lambda *args, at=properties_at: args[at].get("KmsKeyArn"))
        put_handler(provisioners, name, wrapped)
