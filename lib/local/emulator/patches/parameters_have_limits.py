"""A parameter of Systems Manager could have a value of any size.

docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
"""

import functools

import quotas


def apply(responses, ssm, **_):
    put = ssm._put_parameter

    @functools.wraps(put)
    def put_parameter(data):
        value, account = data.get("Value", ""), responses.get_account_id()
        tier = data.get("Tier") or ssm._default_tier(data, value, ssm._parameters.get(data.get("Name")))
        name = "ssm-standard-parameter" if tier == "Standard" else "ssm-advanced-parameter"
        if len(value.encode()) > quotas.figure(name, account):
            return responses.error_response_json(*quotas.error(name, account))
        return put(data)

    ssm._put_parameter = put_parameter
