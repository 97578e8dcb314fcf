"""Some calls were judged as calls about every resource, or another one than AWS judges.

Resources are those of the Service Authorization Reference. Of CloudWatch Logs it is the stream, also where only a group
is named: "logs:CreateLogStream on resource: arn:aws:logs:…:log-group:<group>:log-stream:<stream>" is what AWS refuses
(github.com/aws-solutions/aws-crr-monitor/issues/8). Who deletes a version of a function deletes
"arn:aws:lambda:…:function:<name>:<version>", and not the function.
"""

import functools
import json

# By service and operation: which member of the request names one resource or several, and how an ARN is made of a name.
NAMED = {
    "codebuild": {
        "BatchGetProjects": ("names", "arn:aws:codebuild:{region}:{account}:project/{name}"),
    },
    "ssm": {
        operation: (member, "arn:aws:ssm:{region}:{account}:parameter/{name}")
        for operation, member in (
            ("GetParameters", "Names"), ("DeleteParameters", "Names"), ("GetParametersByPath", "Path"),
        )
    },
}


class Several(str):
    """Of several resources the first, which a refusal names, and all, which are judged."""

    resources = ()


def apply(actions, evaluator, **_):
    extract, enforce = actions.extract_resource_arn, evaluator.enforce

    def named_in(service, operation, body, **place):
        member, arn = NAMED.get(service, {}).get(operation, (None, ""))
        names = json.loads(body or b"{}").get(member) if member else None
        names = [names] if isinstance(names, str) else names or []
        return [name if name.startswith("arn:") else arn.format(name=name.strip("/"), **place) for name in names]

    @functools.wraps(extract)
    def resource_arn(service, method, path, headers, body, query_params, region, account_id):
        operation = (headers.get("x-amz-target") or "").rpartition(".")[2]
        found = named_in(service, operation, body, region=region, account=account_id)
        if found:
            several = Several(found[0])
            several.resources = found
            return several
        arn = extract(service, method, path, headers, body, query_params, region, account_id)
        qualifier = (query_params or {}).get("Qualifier")
        if service == "lambda" and method == "DELETE" and qualifier and path.rstrip("/").endswith(arn.rpartition(":")[2]):
            return f"{arn}:{qualifier[0] if isinstance(qualifier, list) else qualifier}"
        if service == "logs" and ":log-group:" in arn and ":log-stream:" not in arn:
            stream = json.loads(body or b"{}").get("logStreamName", "")
            return f"{arn.removesuffix(':*')}:log-stream:{stream}"
        return arn

    @functools.wraps(enforce)
    def enforce_each(access_key_id, iam_action, service, region, resource_arn="*", service_context=None):
        for each in getattr(resource_arn, "resources", (resource_arn,)):
            denied = enforce(access_key_id, iam_action, service, region, each, service_context)
            if denied:
                return denied
        return None

    actions.extract_resource_arn = resource_arn
    evaluator.enforce = enforce_each
