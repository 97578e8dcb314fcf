"""Policies could have any size. IAM counts characters without white space, and of a role all inline policies together:
docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

import functools
import json

import quotas
from patches.handlers import put_handler, refused_by, replace_operations

INLINE, MANAGED, TRUST = "iam-role-policies", "iam-managed-policy", "iam-trust-policy"


def size_of(document):
    text = document if isinstance(document, str) else json.dumps(document)
    return len("".join(text.split()))


def apply(iam, provisioners, responses, **_):
    def refusal(name, size, **about):
        account = responses.get_account_id()
        return quotas.error(name, account, **about) if size > quotas.figure(name, account) else None

    def refused_inline(role_name, documents):
        """Why a role cannot have these inline policies, by name, besides those that it has under other names."""
        role = iam._roles.get(role_name) or {}
        all_documents = {**role.get("InlinePolicies", {}), **documents}
        return refusal(INLINE, sum(map(size_of, all_documents.values())), role=role_name)

    def refusing(name, reason_of):
        original = getattr(iam, name)

        @functools.wraps(original)
        def call(params):
            error = reason_of(lambda key: iam._p(params, key))
            if error is None:
                return original(params)
            code, message, status = error
            return iam._error(status, code, message, ns="iam")

        setattr(iam, name, call)
        replace_operations(iam, original, call)

    refusing("_put_role_policy", lambda p: refused_inline(p("RoleName"), {p("PolicyName"): p("PolicyDocument")}))
    refusing("_create_role", lambda p: refusal(TRUST, size_of(p("AssumeRolePolicyDocument"))))
    refusing("_update_assume_role_policy", lambda p: refusal(TRUST, size_of(p("PolicyDocument"))))
    refusing("_create_policy", lambda p: refusal(MANAGED, size_of(p("PolicyDocument"))))
    refusing("_create_policy_version", lambda p: refusal(MANAGED, size_of(p("PolicyDocument"))))

    def refusing_resource(name, reason_of):
        original = getattr(provisioners, name)

        @functools.wraps(original)
        def handle(*args, **kwargs):
            error = reason_of(*args)
            if error:
                raise refused_by("Iam", error, "ServiceLimitExceeded")
            return original(*args, **kwargs)

        put_handler(provisioners, name, handle)

    def refused_role(role_name, props):
        inline = {one.get("PolicyName", ""): one.get("PolicyDocument", {}) for one in props.get("Policies") or []}
        trust = size_of(props.get("AssumeRolePolicyDocument", {}))
        return refused_inline(role_name, inline) or refusal(TRUST, trust)

    def refused_policy(props, policy_name):
        documents = {policy_name: props.get("PolicyDocument", {})}
        return next(filter(None, (refused_inline(role, documents) for role in props.get("Roles") or [])), None)

    def refused_managed(props):
        return refusal(MANAGED, size_of(props.get("PolicyDocument", {})))

    refusing_resource("_iam_role_create", lambda logical_id, props, stack: refused_role(
        props.get("RoleName") or f"{stack}-{logical_id}", props))
    refusing_resource("_iam_role_update", lambda name, _old, props, *_stack: refused_role(name, props))
    refusing_resource("_iam_policy_put", refused_policy)
    refusing_resource("_iam_managed_policy_create", lambda _id, props, _stack: refused_managed(props))
    refusing_resource("_iam_managed_policy_update", lambda _id, _old, props, *_stack: refused_managed(props))
