"""AWS::Lambda::Version ignored CodeSha256. Its handler publishes with it, and Lambda refuses if $LATEST is other code
(docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html).
"""

import functools

from patches.handlers import put_handler


def apply(provisioners, **_):
    original = provisioners._lambda_version_create

    @functools.wraps(original)
    def create(logical_id, props, stack_name):
        func, _name = provisioners._lambda_version_function(props)
        wanted = props.get("CodeSha256")
        found = func["config"].get("CodeSha256") if func else None
        if func and wanted and wanted != found:
            raise ValueError(
                f'Resource handler returned message: "CodeSHA256 ({wanted}) is different from current CodeSHA256 in '
                f'$LATEST ({found}). Please try again with the CodeSHA256 in $LATEST. (Service: Lambda, Status Code: '
                '400)" (HandlerErrorCode: InvalidRequest)')
        return original(logical_id, props, stack_name)

    put_handler(provisioners, "_lambda_version_create", create)
