"""Answers calls as MiniStack does, with the patch that compares them with AWS's models: answer_calls.py EMULATOR_DIRECTORY

Reads JSON from its input: `{service, method, path, headers, body, query, answer: {status, headers, body}}` of each call.
Each service's handler gives the answer of the case. Writes what came of each: `{reached, status, headers, body}`.
"""

import asyncio
import json
import os
import sys
from types import SimpleNamespace

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
os.environ["SEEDBED_QUOTAS"] = "{}"  # other patches ask for them
from ministack.core import iam_actions, responses
from patches import calls_keep_to_the_models

reached = []
answer = {}


async def handler(*_):
    reached.append(True)
    return answer["status"], dict(answer["headers"]), answer["body"].encode()


async def shortcuts(*_):
    return None


cases = json.load(sys.stdin)
app = SimpleNamespace(
    SERVICE_HANDLERS={case["service"]: handler for case in cases}, _handle_post_body_shortcuts=shortcuts)
calls_keep_to_the_models.apply(app=app, actions=iam_actions, responses=responses, gateway_key="key")


def outcome(case):
    reached.clear()
    answer.update(case["answer"])
    handle = app.SERVICE_HANDLERS[case["service"]]
    status, headers, body = asyncio.run(
        handle(case["method"], case["path"], case["headers"], case["body"].encode(), case["query"]))
    return {"reached": bool(reached), "status": status, "headers": headers, "body": body.decode("utf-8", "replace")}


json.dump([outcome(case) for case in cases], sys.stdout)
