"""What several patches need: who acts, and whether that identity has a right, judged by MiniStack's own evaluator."""

import contextvars

# The role of a stack operation, where the operation's tasks and what they call find it; None elsewhere.
STACK_ROLE = contextvars.ContextVar("ARN of the role of the stack operation", default=None)


def session_of(role_arn, session):
    """The ARN of a role's session, as who acts."""
    return f"arn:aws:sts::{role_arn.split(':')[4]}:assumed-role/{role_arn.rsplit('/', 1)[-1]}/{session}"


def who_acts(evaluator):
    """The stack's role in a stack operation, else whoever called."""
    role = STACK_ROLE.get()
    return session_of(role, "AWSCloudFormation") if role else evaluator.caller_arn()


def bucket_owner(s3, resource):
    """The account of the bucket that an ARN of a bucket or an object names, and the bucket."""
    bucket = resource.removeprefix("arn:aws:s3:::").partition("/")[0]
    return s3._bucket_owner_account(bucket), bucket


def policy_of(evaluator, action, resource):
    """The resource's own policy and the account that owns it, or None. MiniStack looks for buckets in one account only."""
    if not resource.startswith("arn:aws:s3:::"):
        return evaluator._resource_policy(action.split(":")[0], resource)
    from ministack.services import s3

    owner, bucket = bucket_owner(s3, resource)
    return (s3._bucket_policies.get_scoped(owner, None, bucket) or "", owner) if owner else None


def refused(evaluator, responses, who, action, resource, context=None):
    """Why an identity may not do something, or None. `who` is the ARN of a session or of an account's root."""
    account = who.split(":")[4]
    keys = {key.lower(): value for key, value in (context or {}).items()}
    ctx = evaluator.EvalContext(
        principal_arn=who, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region=responses.get_region(), service_context=keys)
    if who.endswith(":root"):
        identity, limits = evaluator.EvalResult("Allow", who), []
    else:
        from ministack.services import iam

        role = evaluator._role_name_from_assumed_arn(who)
        limits = evaluator._permissions_boundary(iam._roles, role, account)
        identity = evaluator.evaluate(ctx, evaluator._gather_role_policies(role, account), *limits)
    found = policy_of(evaluator, action, resource)
    result = evaluator.combine_resource_policy(identity, ctx, *found, limits=tuple(limits)) if found else identity
    return None if result.decision == "Allow" else result
