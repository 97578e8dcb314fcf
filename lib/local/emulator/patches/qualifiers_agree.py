"""A function URL took an alias's ARN and another alias as its qualifier. Lambda refuses names that contradict each other:
"The derived qualifier from the function name does not match the specified qualifier."
(github.com/localstack/localstack, which compares itself with AWS, has the text; so has AWS's page on EventBridge
Scheduler's targets.)
"""

import functools

from patches.handlers import refused_by


def apply(provisioners, **_):
    target_of = provisioners._lambda_url_target

    @functools.wraps(target_of)
    def target(props):
        _func, _name, _arn, derived = provisioners._lambda_function_for_cfn_ref(props.get("TargetFunctionArn", ""))
        wanted = props.get("Qualifier")
        if derived and wanted and derived != wanted:
            message = "The derived qualifier from the function name does not match the specified qualifier."
            raise refused_by("Lambda", ("InvalidParameterValueException", message, 400), "InvalidRequest")
        return target_of(props)

    provisioners._lambda_url_target = target
