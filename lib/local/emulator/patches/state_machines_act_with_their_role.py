"""State machines did everything with nobody's rights. They invoke functions, start executions, send and publish with their
role, of which a denied action is an error of the task
(docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html).

Of AWS SDK integrations those of JSON services are judged.
"""

import contextvars
import functools
import json

from patches.rights import role_refused

SERVICE = "states.amazonaws.com"
ROLE = contextvars.ContextVar("role of the state machine that runs, its execution's name, its ARN", default=None)


def apply(actions, evaluator, lam, responses, steps, **_):
    run, invoke, callback, sdk = (
        steps._run_execution, steps._invoke_resource, steps._invoke_with_callback, steps._dispatch_aws_sdk_json)

    @functools.wraps(run)
    def run_execution(execution_arn):
        execution = steps._executions.get(execution_arn) or {}
        arn = execution.get("stateMachineArn")
        machine = steps._state_machines.get(arn) or {}
        token = ROLE.set((machine.get("roleArn"), execution.get("name"), arn or ""))
        try:
            return run(execution_arn)
        finally:
            ROLE.reset(token)

    def required(resource, given):
        """What a task needs: service of its errors, action and resource; None for what is not judged here."""
        def one(*names):
            return next((given[name] for name in names if isinstance(given, dict) and given.get(name)), "")

        region, account = responses.get_region(), responses.get_account_id()
        if "states:::lambda:invoke" in resource or lam_reference(resource):
            function = one("FunctionName") if "states:::lambda:invoke" in resource else lam_reference(resource)
            if not function.startswith("arn:"):
                function = f"arn:aws:lambda:{region}:{account}:function:{function}"
            return "Lambda.AWSLambdaException", "lambda:InvokeFunction", function
        if "states:::states:startExecution" in resource:
            return "StepFunctions.AWSStepFunctionsException", "states:StartExecution", one("StateMachineArn", "stateMachineArn")
        if "states:::sqs:sendMessage" in resource:
            account, name = one("QueueUrl").rstrip("/").rsplit("/", 2)[-2:]
            return "SQS.AmazonSQSException", "sqs:SendMessage", f"arn:aws:sqs:{region}:{account}:{name}"
        if "states:::sns:publish" in resource:
            return "SNS.AmazonSNSException", "sns:Publish", one("TopicArn", "TargetArn")
        if "states:::events:putEvents" in resource:
            bus = (one("Entries") or [{}])[0].get("EventBusName", "default")
            arn = bus if bus.startswith("arn:") else f"arn:aws:events:{region}:{account}:event-bus/{bus}"
            return "EventBridge.AmazonEventBridgeException", "events:PutEvents", arn
        if "states:::dynamodb:" in resource:
            name = resource.rsplit(":", 1)[-1].partition(".")[0]
            action = f"dynamodb:{name[:1].upper()}{name[1:]}"
            return "DynamoDB.AmazonDynamoDBException", action, f"arn:aws:dynamodb:{region}:{account}:table/{one('TableName')}"
        return None

    def lam_reference(resource):
        return resource if ":lambda:" in resource and ":function:" in resource else ""

    def judge(resource, given):
        needed, acting = required(resource, given), ROLE.get()
        if not needed or not acting or not acting[0]:
            return
        error, action, on = needed
        reason = role_refused(evaluator, responses, acting[0], SERVICE, action, on, *acting[1:])
        if reason:
            raise steps._ExecutionError(error, f"{reason} (Status Code: 403)")

    @functools.wraps(invoke)
    def invoke_resource(resource, given):
        judge(resource, given)
        return invoke(resource, given)

    @functools.wraps(callback)
    def invoke_with_callback(resource, given, *rest):
        judge(resource, given)
        return callback(resource, given, *rest)

    @functools.wraps(sdk)
    def dispatch(service_info, service_name, operation, given):
        acting = ROLE.get()
        if acting and acting[0]:
            service = service_info.get("service_key", service_name)
            name = operation[:1].upper() + operation[1:]
            headers = {"x-amz-target": f"{service_info['target_prefix']}.{name}"}
            body = json.dumps(steps._sdk_json_params(service_info, service, name, given)).encode()
            place = (responses.get_region(), responses.get_account_id())
            action = actions.extract_iam_action(service, "POST", "/", headers, body, {})
            on = actions.extract_resource_arn(service, "POST", "/", headers, body, {}, *place)
            reason = role_refused(evaluator, responses, acting[0], SERVICE, action, str(on), *acting[1:])
            if reason:
                prefix = steps._AWS_SDK_ERROR_PREFIX.get(service_name, service_name)
                raise steps._ExecutionError(f"{prefix}.{prefix}Exception", f"{reason} (Status Code: 400)")
        return sdk(service_info, service_name, operation, given)

    steps._run_execution = run_execution
    steps._invoke_resource = invoke_resource
    steps._invoke_with_callback = invoke_with_callback
    steps._dispatch_aws_sdk_json = dispatch
