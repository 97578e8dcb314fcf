"""A refused call was told without its resource, but by a few services. AWS names it, of most services as an ARN
(docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html; "cloudformation:DescribeStacks on resource:
arn:aws:cloudformation:…:stack/hpc/*", github.com/aws-samples/aws-hpc-tutorials/issues/271), of S3 in quotes, and a
secret as the caller named it. A call about no resource in particular, such as DescribeStacks without a name, is told
without one (github.com/aws/aws-dotnet-deploy/issues/441).
"""

import functools
import json


class Named(str):
    """An ARN, and what the caller called it."""

    as_called = ""


def apply(actions, **_):
    extract, respond = actions.extract_resource_arn, actions.access_denied_response

    @functools.wraps(extract)
    def resource_arn(service, method, path, headers, body, *args):
        arn = extract(service, method, path, headers, body, *args)
        called = json.loads(body or b"{}").get("SecretId") if service == "secretsmanager" else None
        if not called or not isinstance(called, str):
            return arn
        named = Named(arn)
        named.as_called = called
        return named

    @functools.wraps(respond)
    def access_denied(service, action, principal_arn, request_id, **more):
        arn = more.get("resource_arn") or "*"
        decided = more.get("explicit_deny") and more.get("resource_policy_arn")
        if more.get("message") or more.get("error_code") or decided or arn == "*":
            return respond(service, action, principal_arn, request_id, **more)
        # Of MiniStack's own words for a resource's policy, all but the reason: it knows how services spell themselves.
        said = actions._resource_policy_denial(service, action, principal_arn, getattr(arn, "as_called", arn))
        spelt = said.split(" to perform: ")[1].split(" ")[0]
        reason = (
            "with an explicit deny in an identity-based policy" if more.get("explicit_deny")
            else f"because no identity-based policy allows the {spelt} action")
        message = said.replace("with an explicit deny in a resource-based policy", reason)
        return respond(service, action, principal_arn, request_id, **{**more, "message": message})

    actions.extract_resource_arn = resource_arn
    actions.access_denied_response = access_denied
