"""Runs executions in moto's interpreter of state machines: run_in_moto.py < REQUEST > ANSWER

The interpreter is LocalStack's (Apache-2.0), which was written against recordings of AWS. What moto lacks is put in
here: JSONata, which jsonata-python evaluates (moto asked a Java library, and ships none); the names of fields that the
integration of Step Functions takes and gives; the functions, which moto would run in Docker; and whoever reads in the
table what states wait for.

REQUEST is JSON: `definitions` by name, `answers` by function and scenario, `unwatched` scenarios, in which nobody calls
back a state that waits, `executions` with `name`, `machine` and `input`. ANSWER is a list of how each has ended: `status`, `output` or `error` and `cause`, and in `enters` the names of
the states that it entered. All of them run at once, and no time passes between attempts.
"""

import functools
import io
import json
import logging
import sys
import threading
import types

from jsonata import Jsonata
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_callback
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_sfn
from moto.stepfunctions.parser.asl.eval.callback.callback import (
    CallbackEndpoint, CallbackOutcomeFailure, CallbackOutcomeSuccess,
)
from moto.stepfunctions.parser.asl.jsonata import jsonata
from moto.stepfunctions.parser.asl.parse import asl_parser
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

ACCOUNT, REGION = "111122223333", "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/states"
SECONDS_BETWEEN_LOOKS = 0.05
STATE_MACHINES = stepfunctions_parser_backends[ACCOUNT][REGION]


def evaluate(expression):
    """@returns the value; None is null as well as nothing, and moto asks which."""
    try:
        return Jsonata(expression).evaluate(None)
    except Exception as error:
        raise jsonata.JSONataException("UNKNOWN", str(error)) from error


class ParsesOnce(asl_parser.ASLParser):
    """Moto parses a definition anew for each execution, which takes longer than to run it."""

    trees = {}

    def state_machine(self):
        text = self.getTokenStream().tokenSource.inputStream.strdata
        if text not in self.trees:
            self.trees[text] = super().state_machine()
        return self.trees[text]


class FunctionFails(Exception):
    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


def echo(event):
    return event


def nothing(_event):
    return None


def fail(event):
    raise FunctionFails(event["name"], event["message"])


def flaky(event):
    if event["retries"] < event["failures"]:
        raise FunctionFails("Throttled", f"attempt {event['retries'] + 1}")
    return {"retries": event["retries"]}


def answer(by_scenario, event):
    """What a stub of a worker does, see stubs.ts."""
    result = by_scenario[event["release"]["scenario"]]
    if "fails" in result:
        raise FunctionFails(result["fails"], "so it should")
    return result


class Functions:
    """Stands in for boto3's client of Lambda."""

    def __init__(self, answers):
        workers = {worker: functools.partial(answer, by_scenario) for worker, by_scenario in answers.items()}
        self.functions = {"echo": echo, "nothing": nothing, "fail": fail, "flaky": flaky, **workers}

    def invoke(self, FunctionName, Payload):
        function = self.functions[FunctionName.rsplit(":", 1)[1]]
        try:
            return {"StatusCode": 200, "Payload": as_stream(function(json.loads(Payload)))}
        except FunctionFails as error:
            failure = {"errorType": error.name, "errorMessage": str(error)}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": as_stream(failure)}


def as_stream(value):
    return io.BytesIO(json.dumps(value).encode())


class Table:
    """Stands in for boto3's client of DynamoDB, and for whoever calls back the states that write to the table."""

    def __init__(self, answers, unwatched):
        self.answers, self.unwatched = answers, unwatched

    def put_item(self, TableName, Item):
        told = self.answer_to(Item["pk"]["S"], json.loads(Item["subject"]["S"]))
        token = Item["token"]["S"]
        if "fails" in told:
            cause = {"errorType": told["fails"], "errorMessage": "so it should"}
            self.call_back(CallbackOutcomeFailure(token, told["fails"], json.dumps(cause)))
        elif "succeeds" in told:
            self.call_back(CallbackOutcomeSuccess(token, json.dumps(told["succeeds"])))
        return {}

    def call_back(self, outcome):
        """As moto does, which stumbles over executions that have no environment yet."""
        for execution in STATE_MACHINES._get_executions():
            env = execution.exec_worker and execution.exec_worker.env
            if env and env.callback_pool_manager.notify(callback_id=outcome.callback_id, outcome=outcome):
                return

    def answer_to(self, partition, subject):
        if partition == "CASE":
            return subject
        scenario = partition.partition("#")[2]
        if scenario in self.unwatched:
            return {}
        result = self.answers[f"wait-for-{subject['kind']}"][scenario]
        return result if "fails" in result else {"succeeds": result}


def hears_what_came_before(original):
    """A state that was called back before it began to listen for heartbeats did not notice."""

    @functools.wraps(original)
    def set_up(self, heartbeat_seconds):
        endpoint = original(self, heartbeat_seconds)
        if self.get_outcome() is not None:
            endpoint.notify()
        return endpoint

    return set_up


class Executions:
    """Stands in for boto3's client of Step Functions."""

    def start_execution(self, StateMachineArn, Name, Input):
        execution = STATE_MACHINES.start_execution(StateMachineArn, Name, Input)
        return {"ExecutionArn": execution.execution_arn}

    def describe_execution(self, executionArn):
        return STATE_MACHINES.describe_execution(executionArn).to_describe_output()


def with_capitals(_task, response, **_):
    """Fields of an integration's answer begin with a capital letter, whatever those of the API do."""
    for key in list(response):
        response[key[0].upper() + key[1:]] = response.pop(key)


def prepare(answers, unwatched):
    logging.disable()
    jsonata._eval_jsonata = evaluate
    asl_parser.ASLParser = ParsesOnce
    functions = Functions(answers)
    lambda_eval_utils.boto_client_for = lambda **_: functions
    state_task_service_sfn.boto_client_for = lambda **_: Executions()
    state_task_service_aws_sdk.boto_client_for = lambda **_: Table(answers, unwatched)
    CallbackEndpoint.setup_heartbeat_endpoint = hears_what_came_before(CallbackEndpoint.setup_heartbeat_endpoint)
    state_task_service_sfn.StateTaskServiceSfn._normalise_response = with_capitals
    state_task_service_callback._DELAY_SECONDS_SYNC_CONDITION_CHECK = SECONDS_BETWEEN_LOOKS
    retrier_decl.time = types.SimpleNamespace(sleep=lambda _seconds: None)


def outcome(execution):
    """@returns how an execution has ended, once it has"""
    pause = threading.Event()
    while execution.status == "RUNNING":
        pause.wait(SECONDS_BETWEEN_LOOKS)
    entered = [event.get("stateEnteredEventDetails") for event in execution.to_history_output()["events"]]
    return {
        "status": execution.status,
        "enters": [details["name"] for details in entered if details],
        **({"output": execution.output} if execution.status == "SUCCEEDED" else {}),
        **({"error": execution.error, "cause": execution.cause} if execution.error else {}),
    }


def run(request):
    prepare(request["answers"], request["unwatched"])
    machines = {
        name: STATE_MACHINES.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        for name, definition in request["definitions"].items()
    }
    executions = [
        STATE_MACHINES.start_execution(machines[machine].arn, name, json.dumps(given))
        for name, machine, given in ((each["name"], each["machine"], each["input"]) for each in request["executions"])
    ]
    return [outcome(execution) for execution in executions]


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
