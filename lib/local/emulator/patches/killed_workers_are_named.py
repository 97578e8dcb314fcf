"""A worker that was killed counted as an error that its handler threw."""

import functools
import inspect


def apply(lam, runtime, **_):
    execute = lam._execute_function_warm
    if '"Worker process died"' not in inspect.getsource(runtime.Worker.invoke):
        raise RuntimeError("a worker that died is no longer reported as such")

    @functools.wraps(execute)
    def execute_function(func, event, request_id):
        answer = execute(func, event, request_id)
        body = answer.get("body")
        if answer.get("error") and body.get("errorMessage") == "Worker process died":
            message = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
            body.update(errorType="Runtime.ExitError", errorMessage=message)
        return answer

    lam._execute_function_warm = execute_function
