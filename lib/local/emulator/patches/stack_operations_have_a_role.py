"""RoleARN was ignored. Whoever gives a stack a role must be allowed to pass it, the role must trust CloudFormation, and
the operation, like all later ones of the stack, acts with it
(docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
"""

import functools

from patches.rights import STACK_ROLE, denied, trusts

SERVICE = "cloudformation.amazonaws.com"
OPERATIONS = (
    "CreateStack", "UpdateStack", "DeleteStack", "ContinueUpdateRollback", "RollbackStack", "CreateChangeSet",
    "ExecuteChangeSet",
)


def apply(cloudformation, evaluator, iam, responses, **_):
    handlers, stack_roles = cloudformation._ACTION_HANDLERS, {}

    def problem_of(role_arn, stack_id):
        caller = evaluator.caller_arn()
        told = denied(evaluator, responses, caller, "iam:PassRole", role_arn, {"iam:PassedToService": SERVICE})
        if told:
            return "AccessDenied", told, 403
        if not trusts(evaluator, role_arn, SERVICE, stack_id):
            return "ValidationError", f"Role {role_arn} is invalid or cannot be assumed", 400
        return None

    def with_role(original):
        @functools.wraps(original)
        def handle(params):
            from ministack.services.cloudformation.helpers import _error, _p

            change_set = cloudformation._change_sets.get(_p(params, "ChangeSetName")) or {}
            name, given = _p(params, "StackName") or change_set.get("StackName", ""), _p(params, "RoleARN")
            stack = cloudformation.handlers._resolve_stack(name) or {}
            known = (responses.get_account_id(), responses.get_region(), stack.get("StackName", name))
            if stack.get("StackStatus", "DELETE_COMPLETE") == "DELETE_COMPLETE":
                stack_roles.pop(known, None)  # of an earlier stack of the same name
            if given and (problem := problem_of(given, stack.get("StackId", ""))):
                return _error(*problem)
            role = given or stack_roles.get(known)
            if role:
                stack_roles[known] = role
            token = STACK_ROLE.set(role)
            try:
                return original(params)
            finally:
                STACK_ROLE.reset(token)

        return handle

    for operation in OPERATIONS:
        handlers[operation] = with_role(handlers[operation])
