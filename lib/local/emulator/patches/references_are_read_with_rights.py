"""Parameters and secrets to which a template refers, by `{{resolve:…}}` or by a parameter of type
`AWS::SSM::Parameter::Value`, were read with nobody's rights. CloudFormation reads them as the stack's role, and where there
is none as whoever called (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html).
"""

import functools

from patches.rights import denied, who_acts


def apply(evaluator, responses, **_):
    from ministack.services import secretsmanager
    from ministack.services.cloudformation import changesets, engine, handlers

    resolve_reference, resolve_parameters = engine._resolve_dynamic_reference, engine._resolve_parameters

    def judge(action, resource):
        told = denied(evaluator, responses, who_acts(evaluator), action, resource)
        if told:
            raise ValueError(told)

    def judge_parameter(name):
        owner = "" if name.startswith("/aws/service/") else responses.get_account_id()
        arn = f"arn:aws:ssm:{responses.get_region()}:{owner}:parameter/{name.lstrip('/')}"
        judge("ssm:GetParameters", name if name.startswith("arn:") else arn)

    @functools.wraps(resolve_reference)
    def reference(literal):
        service, body = engine._DYNAMIC_REFERENCE.fullmatch(literal).groups()
        if service != "secretsmanager":
            judge_parameter(body.partition(":")[0])
            return resolve_reference(literal)
        parts = body.split(":")
        name = ":".join(parts[:7]) if body.startswith("arn:") else parts[0]
        secrets = (each for each in secretsmanager._secrets.values() if name in (each.get("ARN"), each.get("Name")))
        found = next(secrets, None)
        if found:
            judge("secretsmanager:GetSecretValue", found["ARN"])
        return resolve_reference(literal)

    @functools.wraps(resolve_parameters)
    def parameters(template, provided, *rest, **more):
        found = resolve_parameters(template, provided, *rest, **more)
        for value in found.values():
            if isinstance(value, dict) and value.get("SsmName"):
                judge_parameter(str(value["SsmName"]))
        return found

    engine._resolve_dynamic_reference = reference
    for module in (changesets, engine, handlers):
        module._resolve_parameters = parameters
