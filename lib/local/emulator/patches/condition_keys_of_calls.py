"""Some condition keys were missing or had another value than on AWS.

aws:PrincipalArn of a session is its role's ARN
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn), and
aws:ResourceAccount is the account of the bucket, also if that is another one than the caller's. s3:if-match
and s3:if-none-match are the headers of a conditional write
(docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html); those of a multipart upload come with
its completion, so that its other requests are judged without: a policy has to let s3:ObjectCreationOperation pass.
"""

import functools

from patches.rights import bucket_owner


def apply(actions, evaluator, iam, s3, **_):
    resolve, object_context = evaluator._resolve_condition_key, actions._s3_object_context

    def role_of(arn):
        name = evaluator._role_name_from_assumed_arn(arn)
        role = iam._roles.get_scoped(arn.split(":")[4], None, name)
        return role["Arn"] if role else arn

    @functools.wraps(resolve)
    def condition_key(key, ctx):
        if key.lower() == "aws:principalarn" and ":assumed-role/" in ctx.principal_arn:
            return role_of(ctx.principal_arn)
        if key.lower() in ("aws:resourceaccount", "s3:resourceaccount") and ctx.resource_arn.startswith("arn:aws:s3:::"):
            owner, _bucket = bucket_owner(s3, ctx.resource_arn)
            return owner or ctx.principal_account
        return resolve(key, ctx)

    @functools.wraps(object_context)
    def context_of_object(iam_action, query_params, path, headers):
        context = object_context(iam_action, query_params, path, headers)
        if iam_action == "s3:PutObject":
            given = {f"s3:{name}": headers[name] for name in ("if-match", "if-none-match") if name in headers}
            creates = "partNumber" not in query_params and "uploads" not in query_params
            return {**context, **given, "s3:ObjectCreationOperation": str(creates).lower()}
        return context

    evaluator._resolve_condition_key = condition_key
    actions._s3_object_context = context_of_object
