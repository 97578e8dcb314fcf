"""What several patches need: who acts, and whether that identity has a right, judged by MiniStack's own evaluator."""

import contextvars
import json
import logging

LOG = logging.getLogger("seedbed")

# Who hears of what is judged here: called with the context, policies, limits, the resource's own policy and the decision.
JUDGED = []
# The access key of whoever called, by which the policies of a session are found.
CALLER_KEY = contextvars.ContextVar("access key of the caller", default="")
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


def principal_of(evaluator, who, account):
    """Policies and limits of an identity: of whoever called with those of the session, else of a role."""
    key = CALLER_KEY.get()
    if key and who == evaluator.caller_arn():
        found = evaluator.resolve_principal(key, account)
        if isinstance(found, evaluator.PrincipalInfo):
            return found
    from ministack.services import iam

    role = evaluator._role_name_from_assumed_arn(who)
    tags = (iam._roles.get_scoped(account, None, role) or {}).get("Tags") or []
    return evaluator.PrincipalInfo(
        arn=who, type="AssumedRole", account=account, policies=evaluator._gather_role_policies(role, account),
        keys={f"aws:principaltag/{tag['Key'].lower()}": tag["Value"] for tag in tags},
        limits=evaluator._permissions_boundary(iam._roles, role, account))


def refused(evaluator, responses, who, action, resource, context=None):
    """Why an identity may not do something, in AWS's words, or None. `who` is the ARN of a session, a user or a root."""
    account = who.split(":")[4]
    keys = {key.lower(): value for key, value in (context or {}).items()}
    ctx = evaluator.EvalContext(
        principal_arn=who, principal_type="AssumedRole", principal_account=account, action=action,
        resource_arn=resource, region=responses.get_region(), service_context=keys)
    policies, limits = [], []
    if who.endswith(":root"):
        identity = evaluator.EvalResult("Allow", who)
    else:
        principal = principal_of(evaluator, who, account)
        policies, limits = principal.policies or [], principal.limits
        ctx.principal_type, ctx.principal_keys = principal.type, principal.keys
        if evaluator._names_condition_key(policies, "aws:resourcetag/"):
            from ministack.services.tagging import resource_tags

            for name, value in (resource_tags(resource) or {}).items():
                keys.setdefault(f"aws:resourcetag/{name}".lower(), value)
        identity = evaluator.evaluate(ctx, policies, *limits)
    found = policy_of(evaluator, action, resource)
    required = action.startswith("kms:")  # a key's policy must allow even its owner's roles
    result = (
        evaluator.combine_resource_policy(identity, ctx, *found, required=required, limits=tuple(limits)) if found
        else identity)
    for hear in JUDGED:
        if not who.endswith(":root"):
            hear(ctx, policies, limits, found, result.decision)
    return None if result.decision == "Allow" else reason_of(evaluator, ctx, policies, limits, result)


def reason_of(evaluator, ctx, policies, limits, result):
    """AWS's words for why something was not allowed
    (docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
    """
    if result.resource_policy_arn:
        return "with an explicit deny in a resource-based policy"
    from ministack.services import iam

    role = iam._roles.get_scoped(ctx.principal_account, None, evaluator._role_name_from_assumed_arn(ctx.principal_arn))
    bounds = ["a permissions boundary"] if (role or {}).get("PermissionsBoundary") else []
    kinds = ["an identity-based policy", *bounds, *["a session policy"] * (len(limits) - len(bounds))]
    layers = [(kind, [one for each in layer for one in each]) for kind, layer in zip(kinds, [policies, *limits])]
    for kind, statements in layers:
        if evaluator._first_match(ctx, statements, "Deny"):
            return f"with an explicit deny in {kind}"
    for kind, statements in layers:
        if not evaluator._first_match(ctx, statements, "Allow"):
            return f"because no {kind.partition(' ')[2]} allows the {ctx.action} action"
    return f"because no resource-based policy allows the {ctx.action} action"


# Services that a trust policy may also name by the Region that they act in, as Step Functions' own error says and the
# Serverless Framework's plug-in for it does (unpkg.com/serverless-step-functions@3.23.4).
REGIONAL = ("states.amazonaws.com",)


def trusts(evaluator, role_arn, service, source=""):
    """Whether a service may assume a role, for a resource such as a function or a rule
    (docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    from ministack.services import iam

    account = role_arn.split(":")[4] if role_arn.count(":") > 4 else ""
    role = iam._roles.get_scoped(account, None, role_arn.rsplit("/", 1)[-1])
    document = (role or {}).get("AssumeRolePolicyDocument") or "{}"
    statements = (json.loads(document) if isinstance(document, str) else document).get("Statement", [])
    names, region = [service], source.split(":")[3] if source.count(":") > 3 else ""
    if service in REGIONAL and region:
        names.append(service.replace(".", f".{region}.", 1))

    def names_service(statement):
        principal = statement.get("Principal")
        everybody = principal == "*" or isinstance(principal, dict) and "*" in principal.values()
        is_named = any(evaluator._service_principal_matches(principal, name) for name in names)
        return is_named or everybody and statement.get("Effect") == "Deny"

    about = [
        {**each, "Principal": "*"} for each in ([statements] if isinstance(statements, dict) else statements)
        if names_service(each)]
    owner = source.split(":")[4] if source.count(":") > 4 else account
    ctx = evaluator.EvalContext(
        principal_arn=service, principal_type="Service", principal_account="", action="sts:AssumeRole",
        resource_arn=role_arn, region="",
        service_context={"aws:sourcearn": source or None, "aws:sourceaccount": owner or account})
    return evaluator.evaluate_trust_policy({"Statement": about}, service, ctx)


def role_refused(evaluator, responses, role_arn, service, action, resource, session="session", source=""):
    """Why a service that acts with a role for a resource may not do something, in AWS's words, or None."""
    if not trusts(evaluator, role_arn, service, source):
        return f"{service} is not authorized to assume role {role_arn}"
    who = session_of(role_arn, session)
    return denied(evaluator, responses, who, action, resource)


def denial(who, action, resource, reason):
    """AWS's words for a right that an identity does not have; `reason` is what `refused` says."""
    return f"User: {who} is not authorized to perform: {action} on resource: {resource} {reason}"


def denied(evaluator, responses, who, action, resource, context=None):
    """AWS's message if an identity may not do something, or None."""
    reason = refused(evaluator, responses, who, action, resource, context)
    return denial(who, action, resource, reason) if reason else None


def lets_in(evaluator, responses, service, action, resource, policy, source, context=None):
    """Whether a resource's own policy lets a service in that acts for a source, such as a rule or an API."""
    account = source.split(":")[4] or responses.get_account_id()
    keys = {"aws:sourcearn": source, "aws:sourceaccount": account, "aws:sourceowner": account, **(context or {})}
    ctx = evaluator.EvalContext(
        principal_arn="*", principal_type="Service", principal_account="", action=action, resource_arn=resource,
        region=responses.get_region(), service_context=keys)
    return evaluator.evaluate_resource_policy(policy, ctx, service=service).decision == "Allow"


def function_lets_in(evaluator, responses, lam, function_arn, service, source):
    """Whether the policy of a function, or of the alias or version that its ARN names, lets a service invoke it."""
    name, _qualifier = lam._lambda_function_name_and_qualifier_from_arn(function_arn)
    parts = function_arn.split(":")
    function = lam._functions.get_scoped(parts[4], parts[3], name)
    return function is None or lets_in(
        evaluator, responses, service, "lambda:InvokeFunction", function_arn, function["policy"], source)


def api_lets_in(evaluator, responses, lam, function, api_id, path, place, role=None):
    """Whether an API may invoke a function: with a role that it has, or let in by the function for a path of the API.

    `place`: the API's account and region.
    """
    account, region = place
    if not function.startswith("arn:"):
        function = f"arn:aws:lambda:{region}:{account}:function:{function}"
    service = "apigateway.amazonaws.com"
    if role and role.startswith("arn:aws:iam::") and not role.endswith(":user/*"):
        return not role_refused(evaluator, responses, role, service, "lambda:InvokeFunction", function)
    source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{path}"
    let_in = function_lets_in(evaluator, responses, lam, function, service, source)
    if not let_in:
        LOG.warning("%s of %s is not let in by the policy of %s", service, source, function)
    return let_in
