"""Answers had an empty text where AWS's have nothing, and a few members and codes that AWS's have not.

Lambda's reason codes are enumerations, and outputs without a description are answered without one:
docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html,
docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html.
"""

import functools
import re

# An update is told of by LastUpdateStatus; no reason code means it.
NO_REASON = ("", "Updating")
REASONS = ("StateReasonCode", "LastUpdateStatusReasonCode")
EMPTY = re.compile(r"<(Description|StackStatusReason|LastUpdatedTime)></\1>")
CHANGE_SET_TYPE = re.compile(r"<ChangeSetType>\w*</ChangeSetType>")


def apply(cloudformation, lam, **_):
    answer, create_url, mapping = lam.json_response, lam._create_function_url_config, lam._esm_response

    def told(value):
        """A copy of an answer without what Lambda has no value for."""
        if isinstance(value, list):
            return [told(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            name: told(each) for name, each in value.items()
            if not (name in REASONS and each in NO_REASON)
            and not (name == "RuntimeVersionConfig" and not each.get("RuntimeVersionArn"))
        }

    @functools.wraps(answer)
    def json_response(data, *args, **kwargs):
        return answer(told(data), *args, **kwargs)

    @functools.wraps(create_url)
    def create_function_url_config(*args):
        status, headers, body = create_url(*args)
        return status, headers, re.sub(rb', ?"LastModifiedTime": ?"[^"]*"', b"", body)

    @functools.wraps(mapping)
    def esm_response(esm):
        return {name: value for name, value in mapping(esm).items() if name != "Qualifier"}

    def leaving_out(original):
        @functools.wraps(original)
        def xml(status, root_tag, inner):
            return original(status, root_tag, CHANGE_SET_TYPE.sub("", EMPTY.sub("", inner)))

        return xml

    lam.json_response, lam._create_function_url_config = json_response, create_function_url_config
    lam._esm_response = esm_response
    for module in (cloudformation.handlers, cloudformation.changesets):
        module._xml = leaving_out(module._xml)
