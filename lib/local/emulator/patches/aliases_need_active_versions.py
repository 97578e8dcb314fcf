"""An alias could name any version. On AWS it must exist and be Active
(docs.aws.amazon.com/lambda/latest/dg/functions-states.html; of one that failed:
github.com/hashicorp/terraform-provider-aws/issues/49904).
"""

import functools

from patches.handlers import put_handler


def apply(lam, provisioners, **_):
    create, update = lam._create_alias, lam._update_alias

    def problem_of(func, version, weights):
        """Code, message and status of Lambda's refusal of the first version that cannot serve, or None."""
        for name in (version, *(weights or {})):
            if name in (None, "$LATEST"):
                continue
            record = func["versions"].get(str(name))
            if record is None:
                return "ResourceNotFoundException", f"Function not found: {func['config']['FunctionArn']}:{name}", 404
            state = record["config"].get("State", "Active")
            if state in ("Pending", "Failed"):
                told = f"'{state}', StateReasonCode: '{record['config'].get('StateReasonCode')}'"
                return (
                    "ResourceConflictException",
                    "The operation cannot be performed at this time. The function is currently in the following state: "
                    f"{told}", 409)
        return None

    def checked(original, data_of):
        @functools.wraps(original)
        def call(func_name, *args):
            lam._get_function_config(func_name)  # brings the states up to date
            func, data = lam._functions.get(func_name), data_of(*args)
            weights = (data.get("RoutingConfig") or {}).get("AdditionalVersionWeights")
            problem = func and problem_of(func, data.get("FunctionVersion"), weights)
            return lam.error_response_json(*problem) if problem else original(func_name, *args)

        return call

    lam._create_alias = checked(create, lambda data: data)
    lam._update_alias = checked(update, lambda alias, data: data)

    create_resource = provisioners._lambda_alias_create

    @functools.wraps(create_resource)
    def create_alias_resource(logical_id, props, stack_name):
        func, _name, _arn, _qualifier = provisioners._lambda_function_for_cfn_ref(props.get("FunctionName", ""))
        weights = (provisioners._lambda_alias_routing_config(props) or {}).get("AdditionalVersionWeights")
        problem = func and problem_of(func, props.get("FunctionVersion"), weights)
        if problem:
            raise ValueError(f'Resource handler returned message: "{problem[1]}"')
        return create_resource(logical_id, props, stack_name)

    put_handler(provisioners, "_lambda_alias_create", create_alias_resource)
