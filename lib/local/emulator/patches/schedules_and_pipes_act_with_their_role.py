"""Schedules were judged as rules, and pipes read and sent with nobody's rights. Both act with the role that they are given,
which has to trust their service: a schedule's for its group, a pipe's for the pipe
(docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html,
docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html). Whoever makes one must be allowed to pass it.
"""

import functools
import json
import logging

from patches.handlers import put_handler, refused_by
from patches.rights import denied, role_refused, trusts, who_acts

LOG = logging.getLogger("seedbed")
SCHEDULER, PIPES = "scheduler.amazonaws.com", "pipes.amazonaws.com"
# What a target needs, by the service of its ARN.
TARGETS = {
    "lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish", "states": "states:StartExecution",
    "events": "events:PutEvents", "kinesis": "kinesis:PutRecord", "firehose": "firehose:PutRecord",
}
SOURCES = {
    "dynamodb": ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"),
    "kinesis": ("kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator"),
    "sqs": ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
}
UNTRUSTED = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


def service_of(arn):
    return arn.split(":")[2] if arn.count(":") >= 5 else ""


def apply(evaluator, events, provisioners, responses, **_):
    from ministack.services import pipes, scheduler

    def lacking(role, service, needs, source):
        """What a role may not do for its schedule or pipe, or None."""
        told = (role_refused(evaluator, responses, role, service, *need, source=source) for need in needs)
        return next((each for each in told if each), None)

    invoke, deliver = events._invoke_target, pipes._deliver_batch

    @functools.wraps(invoke)
    def invoke_target(target, event, rule, view=None):
        arn = rule.get("Arn", "")
        if service_of(arn) != "scheduler":
            return invoke(target, event, rule, view)
        action = TARGETS.get(service_of(target.get("Arn", "")))
        group = arn.replace(":schedule/", ":schedule-group/").rpartition("/")[0]
        needs = [(action, target["Arn"])] if action else []
        told = lacking(target.get("RoleArn", ""), SCHEDULER, needs, group)
        if told:
            LOG.warning("schedule %s: %s", arn, told)
            return None
        return invoke(target, event, rule, view)

    @functools.wraps(deliver)
    def deliver_batch(pipe, batch):
        source, target = pipe.get("Source", ""), pipe.get("Target", "")
        needs = [(action, source) for action in SOURCES.get(service_of(source), ())]
        needs += [(TARGETS[service_of(target)], target)] if service_of(target) in TARGETS else []
        told = lacking(pipe.get("RoleArn", ""), PIPES, needs, pipe.get("Arn", ""))
        if told:
            LOG.warning("pipe %s: %s", pipe.get("Arn"), told)
            return False
        return deliver(pipe, batch)

    def problem_of(role, service, source):
        """Code, message and status of a role that a schedule or a pipe cannot have, or None."""
        told = denied(evaluator, responses, who_acts(evaluator), "iam:PassRole", role, {"iam:PassedToService": service})
        if told:
            return "AccessDeniedException", told, 403
        if not trusts(evaluator, role, service, source):
            told = UNTRUSTED if service == SCHEDULER else f"Pipes is not authorized to assume the role {role}"
            return "ValidationException", told, 400
        return None

    def of_schedule(name, body):
        return problem_of((body.get("Target") or {}).get("RoleArn") or "", SCHEDULER, scheduler._group_arn(
            body.get("GroupName") or "default"))

    def of_pipe(name, body):
        return problem_of(body.get("RoleArn") or "", PIPES, pipes_arn(name))

    def pipes_arn(name):
        return f"arn:aws:pipes:{responses.get_region()}:{responses.get_account_id()}:pipe/{name}"

    def of_call(original, problem):
        @functools.wraps(original)
        def call(name, body):
            found = problem(name, body)
            if not found:
                return original(name, body)
            code, message, status = found
            return status, {"Content-Type": "application/json", "x-amzn-errortype": code}, json.dumps({
                "__type": code, "message": message}).encode()

        return call

    def of_stack(original, problem, properties_at):
        @functools.wraps(original)
        def handle(*args):
            properties = args[properties_at]
            name = properties.get("Name") or provisioners._physical_name(args[-1], args[0], max_len=64)
            found = problem(name, properties)
            if found:
                raise refused_by("EventBridge", found, "AccessDenied" if found[2] == 403 else "InvalidRequest")
            return original(*args)

        return handle

    events._invoke_target, pipes._deliver_batch = invoke_target, deliver_batch
    scheduler._create_schedule = of_call(scheduler._create_schedule, of_schedule)
    scheduler._update_schedule = of_call(scheduler._update_schedule, of_schedule)
    pipes._create_pipe = of_call(pipes._create_pipe, of_pipe)
    for name, problem in (("_scheduler_schedule_create", of_schedule), ("_pipes_pipe_create", of_pipe)):
        put_handler(provisioners, name, of_stack(getattr(provisioners, name), problem, 1))
