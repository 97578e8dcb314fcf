"""Any role would do for a state machine. Whoever makes one must be allowed to pass its role, the role must trust Step
Functions, and must have the rights that the definition and its logs need at once
(docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html: the rule of `startExecution.sync`;
docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html: log delivery).
"""

import functools
import json

from patches.handlers import put_handler
from patches.rights import denied, refused, session_of, trusts, who_acts

SERVICE = "states.amazonaws.com"
RULE = "StepFunctionsGetEventsForStepFunctionsExecutionRule"
RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")
LOG_ACTIONS = tuple(f"logs:{operation}" for operation in (
    "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries",
    "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups",
))


def apply(evaluator, provisioners, responses, steps, **_):
    def problem_of(role, definition, logging, name):
        """AWS's message about a machine's role, or None."""
        caller = who_acts(evaluator)
        told = denied(evaluator, responses, caller, "iam:PassRole", role, {"iam:PassedToService": SERVICE})
        if told:
            return told
        machine = f"arn:aws:states:{responses.get_region()}:{responses.get_account_id()}:stateMachine:{name}"
        if not trusts(evaluator, role, SERVICE, machine):
            return (
                f"Neither the global service principal {SERVICE}, nor the regional one is authorized to assume the "
                "provided role.")

        def lacks(requirements, resource):
            who = session_of(role, "session")
            return any(refused(evaluator, responses, who, action, resource) for action in requirements)

        text = definition if isinstance(definition, str) else json.dumps(definition)
        rule = f"arn:aws:events:{responses.get_region()}:{responses.get_account_id()}:rule/{RULE}"
        if "states:startExecution.sync" in text and lacks(RULE_ACTIONS, rule):
            return f"'{role}' is not authorized to create managed-rule."
        keys = {key[:1].lower() + key[1:]: value for key, value in (logging or {}).items()}
        if keys.get("level", "OFF") != "OFF" and lacks(LOG_ACTIONS, "*"):
            return "The state machine IAM Role is not authorized to access the Log Destination"
        return None

    def of_call(original, known):
        @functools.wraps(original)
        def handle(data):
            machine = {**known(data), **data}
            role = machine.get("roleArn", "")
            name = machine.get("name") or (machine.get("stateMachineArn") or "").rpartition(":")[2]
            given = role, machine.get("definition", ""), machine.get("loggingConfiguration"), name
            problem = problem_of(*given) if role else None
            return responses.error_response_json("AccessDeniedException", problem, 400) if problem else original(data)

        return handle

    def of_stack(original):
        @functools.wraps(original)
        def create(logical_id, properties, stack_name):
            text = provisioners._sfn_definition(properties)
            name = properties.get("StateMachineName") or provisioners._physical_name(stack_name, logical_id, max_len=80)
            problem = problem_of(properties.get("RoleArn", ""), text, properties.get("LoggingConfiguration"), name)
            if problem:
                raise ValueError(
                    f"Resource handler returned message: \"{problem} (Service: AWSStepFunctions; Status Code: 400; "
                    'Error Code: AccessDeniedException)" (HandlerErrorCode: AccessDenied)')
            return original(logical_id, properties, stack_name)

        return create

    # A stack's update of a machine goes through the call.
    steps._create_state_machine = of_call(steps._create_state_machine, lambda data: {})
    steps._update_state_machine = of_call(
        steps._update_state_machine, lambda data: steps._state_machines.get(data.get("stateMachineArn")) or {})
    put_handler(provisioners, "_sfn_state_machine_create", of_stack(provisioners._sfn_state_machine_create))
