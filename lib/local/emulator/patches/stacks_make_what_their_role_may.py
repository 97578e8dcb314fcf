"""CloudFormation made, changed and deleted resources with nobody's rights. It calls the services as the stack's role, and
where there is none as whoever called, through forward access sessions
(docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html,
docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html). A call that is refused fails its resource.
"""

import contextvars
import functools

from patches.calls_of_resources import Place, calls_of
from patches.handlers import refused_by, replace_in_stacks
from patches.rights import STACK_ROLE, denied, who_acts

FOR_CALLER = {
    "aws:CalledVia": ["cloudformation.amazonaws.com"], "aws:CalledViaFirst": "cloudformation.amazonaws.com",
    "aws:CalledViaLast": "cloudformation.amazonaws.com", "aws:ViaAWSService": "true",
}


def apply(evaluator, iam, provisioners, responses, stacks, **_):
    updating = contextvars.ContextVar("whether a resource is made in place of an update", default=False)

    def entity_of(what, name):
        stores = {"role": iam._roles, "user": iam._users, "group": iam._groups}
        return stores[what].get_scoped(responses.get_account_id(), None, name) or {}

    def path_of(what, name):
        return f"{entity_of(what, name).get('Path', '/')}{name}"

    def boundary_of(what, name):
        return entity_of(what, name).get("PermissionsBoundary")

    def judge(kind, logical_id, stack_name, old, new, physical_id=None):
        def name_of(longest):
            lowercase = kind == "AWS::S3::Bucket"
            return provisioners._physical_name(stack_name, logical_id, max_len=longest, lowercase=lowercase)

        who = who_acts(evaluator)
        if who.endswith(":root"):
            return
        place = Place(responses.get_region(), responses.get_account_id(), path_of, boundary_of)
        via = {} if STACK_ROLE.get() else FOR_CALLER
        for action, resource, context in calls_of(kind, place, name_of, old, new, physical_id):
            told = denied(evaluator, responses, who, action, resource, {**context, **via})
            if told:
                raise refused_by(kind.split("::")[1], ("AccessDenied", told, 403), "AccessDenied")

    def of_creation(original):
        @functools.wraps(original)
        def provision(kind, logical_id, properties, stack_name):
            if not updating.get():
                judge(kind, logical_id, stack_name, None, properties)
            return original(kind, logical_id, properties, stack_name)

        return provision

    def of_update(original):
        @functools.wraps(original)
        def update(kind, physical_id, old, new, stack_name, logical_id=None, attributes=None):
            if old == new:
                return original(kind, physical_id, old, new, stack_name, logical_id, attributes)
            replaced = provisioners._replacing_change(kind, old, new)
            if not replaced:
                judge(kind, logical_id, stack_name, old, new, physical_id)
            # What is made in place of it is judged as made; children of a nested stack are, too.
            token = updating.set(not replaced and kind != "AWS::CloudFormation::Stack")
            try:
                return original(kind, physical_id, old, new, stack_name, logical_id, attributes)
            finally:
                updating.reset(token)

        return update

    def of_deletion(original):
        @functools.wraps(original)
        def delete(kind, physical_id, properties, stack_name=None, logical_id=None):
            judge(kind, logical_id, stack_name, properties, None, physical_id)
            return original(kind, physical_id, properties, stack_name, logical_id)

        return delete

    replace_in_stacks(provisioners, stacks, "_provision_resource", of_creation)
    replace_in_stacks(provisioners, stacks, "_update_resource", of_update)
    replace_in_stacks(provisioners, stacks, "_delete_resource", of_deletion)
