"""Properties that can only be given as a resource is made were changed in place, or ignored. On AWS such a change replaces the
resource: `createOnlyProperties` of the types' schemas in CloudFormation's registry
(docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html). The function of a custom resource cannot be changed at all
(docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html).
"""

import functools

from patches.calls_of_resources import CREATE_ONLY, is_custom
from patches.handlers import replace_in_stacks


def apply(provisioners, stacks, **_):
    for kind, names in CREATE_ONLY.items():
        known = provisioners._REPLACING_PROPERTIES.get(kind, ())
        provisioners._REPLACING_PROPERTIES[kind] = tuple({*known, *names})
    replace = provisioners._replace_resource

    @functools.wraps(replace)
    def replace_resource(kind, physical_id, old, new, stack_name, logical_id):
        created = replace(kind, physical_id, old, new, stack_name, logical_id)
        deferred = provisioners._DEFERRED_PREDECESSOR_DELETES.get()
        # Of one that is called as before, but elsewhere, such as a stage of another API.
        if kind in CREATE_ONLY and created[0] == physical_id and deferred is not None:
            args = (kind, physical_id, old, stack_name, logical_id)
            deferred.append((lambda *each: provisioners._delete_resource(*each), args, {}))
        return created

    def keeping_token(original):
        @functools.wraps(original)
        def refused(kind, old, new, *rest):
            if is_custom(kind) and old.get("ServiceToken") != new.get("ServiceToken"):
                return "Modifying service token is not allowed."
            return original(kind, old, new, *rest)

        return refused

    provisioners._replace_resource = replace_resource
    # What is refused here is not sent back.
    replace_in_stacks(provisioners, stacks, "_custom_named_replacement_error", keeping_token)
