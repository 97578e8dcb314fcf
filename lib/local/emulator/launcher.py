"""Starts MiniStack with patches that can only be made from inside (`patches`).

Environment: SEEDBED_BIND_PORT is the port to listen on; GATEWAY_PORT is the gateway's, which MiniStack puts into the
addresses that it returns (queue URLs, function URLs, code locations), so that those lead through the gateway too.
SEEDBED_GATEWAY_KEY is what the gateway shows to be known as such, SEEDBED_DOOR_KEY what it adds to others' requests. SEEDBED_SPEED compresses the periods of CloudWatch's
alarms; SEEDBED_CLOCK_FILE, if set, has the time by which they go. SEEDBED_QUOTAS has how much accounts may have.
"""

import os
import signal
import sys
import threading
import time

# What is compiled is kept for the next start, whatever the environment says, but nothing of it beside our sources.
sys.dont_write_bytecode = False
sys.pycache_prefix = os.path.join(sys.prefix, "compiled")
from patches import apply_all

sys.pycache_prefix = None

SUPPORTED = "1.5.33"


def end_with_the_guard():
    """The guard ends this process group when its owner dies. If the guard itself is killed, we do that ourselves."""
    guard = os.getppid()

    def watch():
        while os.getppid() == guard:
            time.sleep(1)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def main():
    from importlib.metadata import version

    if version("ministack") != SUPPORTED:
        found = version("ministack")
        sys.exit(f"this launcher patches ministack {SUPPORTED}, not {found}: remove .seedbed/venv and start again")
    from ministack import app
    from ministack.core import iam_actions, iam_evaluator, lambda_runtime, responses
    from ministack.services import (
        apigateway, apigateway_v1, cloudformation, cloudwatch, codebuild, eventbridge, iam, kinesis, lambda_svc, s3, sns,
        ssm, stepfunctions, sts,
    )
    from ministack.services.cloudformation import engine, helpers, provisioners, stacks

    apply_all(
        actions=iam_actions, api_v1=apigateway_v1, api_v2=apigateway, app=app, cloudformation=cloudformation,
        cloudwatch=cloudwatch, codebuild=codebuild, door_key=os.environ.pop("SEEDBED_DOOR_KEY", None), engine=engine,
        evaluator=iam_evaluator, events=eventbridge,
        gateway_key=os.environ.pop("SEEDBED_GATEWAY_KEY", None), helpers=helpers, iam=iam, kinesis=kinesis,
        lam=lambda_svc, provisioners=provisioners, responses=responses, runtime=lambda_runtime, s3=s3, sns=sns, ssm=ssm,
        stacks=stacks, steps=stepfunctions, sts=sts,
    )
    end_with_the_guard()
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
