"""Event sources were read with nobody's rights. A mapping is refused unless the function's role may read its queue or
stream (docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html, services-ddb.html, services-kinesis.html).
"""

import functools

from patches.handlers import put_handler
from patches.rights import refused, session_of

NEEDED = {
    "sqs": ("SQS", ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")),
    "dynamodb": ("DynamoDB", ("dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream")),
    "kinesis": ("Kinesis", ("kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream")),
}


def apply(evaluator, lam, provisioners, responses, **_):
    def problem_of(data):
        source, reference = data.get("EventSourceArn", ""), data.get("FunctionName", "")
        told, needed = NEEDED.get(source.split(":")[2] if source.count(":") >= 5 else "", ("", ()))
        _record, config, _name = lam._get_func_record_for_ref(reference)
        role = (config or {}).get("Role", "")
        if not role.startswith("arn:"):
            return None
        who = session_of(role, config["FunctionName"])
        missing = next((action for action in needed if refused(evaluator, responses, who, action, source)), None)
        if missing is None:
            return None
        operation = missing.partition(":")[2]
        return f"The function execution role does not have permissions to call {operation} on {told}"

    create, of_stack = lam._create_esm, provisioners._lambda_esm_create

    @functools.wraps(create)
    def create_mapping(data):
        problem = problem_of(data)
        return responses.error_response_json("InvalidParameterValueException", problem, 400) if problem else create(data)

    @functools.wraps(of_stack)
    def create_resource(logical_id, properties, stack_name):
        problem = problem_of(properties)
        if problem:
            raise ValueError(
                f"Resource handler returned message: \"Invalid request provided: {problem} (Service: Lambda, Status Code: "
                '400)" (HandlerErrorCode: InvalidRequest)')
        return of_stack(logical_id, properties, stack_name)

    lam._create_esm = create_mapping
    put_handler(provisioners, "_lambda_esm_create", create_resource)
