"""A role that a stack made had no permissions boundary, whatever its template said
(docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html).
"""

import functools

from patches.handlers import put_handler


def apply(iam, provisioners, **_):
    def bounded(original, properties_of):
        @functools.wraps(original)
        def handle(*args, **kwargs):
            boundary = properties_of(*args).get("PermissionsBoundary")
            if boundary and (error := iam._boundary_policy_error(boundary)):
                told = error[2].decode().partition("<Message>")[2].partition("</Message>")[0]
                raise ValueError(f'Resource handler returned message: "{told}" (HandlerErrorCode: InvalidRequest)')
            answer = original(*args, **kwargs)
            iam._roles[answer[0]]["PermissionsBoundary"] = boundary
            return answer

        return handle

    for name, properties_of in (
        ("_iam_role_create", lambda logical_id, properties, *rest: properties),
        ("_iam_role_update", lambda physical_id, old, new, *rest: new),
    ):
        put_handler(provisioners, name, bounded(getattr(provisioners, name), properties_of))
