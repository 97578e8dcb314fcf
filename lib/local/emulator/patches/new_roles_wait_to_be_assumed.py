"""A role could be assumed as soon as it was made. On AWS it takes seconds until services know it: Lambda refuses a function
and Step Functions a machine that is made at once
(docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html#troubleshoot_general_eventual-consistency, hashicorp's
provider tries again for a minute: github.com/hashicorp/terraform-provider-aws/issues/9139).

CloudFormation tries again itself, so that a stack may make a role and a function with it; of its waiting no time passes.
"""

import contextvars
import functools
import os

from cloud_clock import CLOCK
from patches.handlers import put_handler, replace_in_stacks, replace_operations

SPEED = float(os.environ.get("SEEDBED_SPEED", "1"))
ROLE_SECONDS = 5  # of cloud time; AWS publishes no number
OF_LAMBDA = "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."
OF_STEPS = (
    "AccessDeniedException",
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided "
    "role.")


def apply(iam, lam, provisioners, responses, stacks, steps, **_):
    in_stack = contextvars.ContextVar("whether CloudFormation makes or changes a resource", default=False)
    made = {}  # when a role can be assumed, by its id

    def is_new(arn):
        role = iam._roles.get_scoped(arn.split(":")[4], None, arn.rsplit("/", 1)[-1]) if arn.count(":") > 4 else None
        return made.get((role or {}).get("RoleId"), 0) > CLOCK.time()

    def note(name):
        role = iam._roles.get(name)
        if role:
            made[role["RoleId"]] = CLOCK.time() + ROLE_SECONDS / SPEED

    create = iam._create_role

    @functools.wraps(create)
    def create_role(params):
        answer = create(params)
        if answer[0] < 300:
            note(iam._p(params, "RoleName"))
        return answer

    create_in_stack = provisioners._iam_role_create

    @functools.wraps(create_in_stack)
    def create_role_resource(*args):
        answer = create_in_stack(*args)
        note(answer[0])
        return answer

    def waiting(original, key, refusal):
        @functools.wraps(original)
        def call(*args):
            if not in_stack.get() and is_new(str(args[-1].get(key) or "")):
                return responses.error_response_json(*refusal, 400)
            return original(*args)

        return call

    def of_stack(original):
        @functools.wraps(original)
        def handle(*args, **kwargs):
            token = in_stack.set(True)
            try:
                return original(*args, **kwargs)
            finally:
                in_stack.reset(token)

        return handle

    iam._create_role = create_role
    replace_operations(iam, create, create_role)
    put_handler(provisioners, "_iam_role_create", create_role_resource)
    lam._create_function = waiting(lam._create_function, "Role", OF_LAMBDA)
    lam._update_config = waiting(lam._update_config, "Role", OF_LAMBDA)
    steps._create_state_machine = waiting(steps._create_state_machine, "roleArn", OF_STEPS)
    steps._update_state_machine = waiting(steps._update_state_machine, "roleArn", OF_STEPS)
    for name in ("_provision_resource", "_update_resource"):
        replace_in_stacks(provisioners, stacks, name, of_stack)
