"""Every error of a handler became Runtime.HandlerError; Retry and Catch match on names."""

import contextvars
import functools


def apply(lam, runtime, **_):
    name = contextvars.ContextVar("name of the error that a handler threw", default=None)
    invoke, execute = runtime.Worker.invoke, lam._execute_function_warm

    def told(script, reported, thrown):
        if reported not in script:
            raise RuntimeError(f"the worker no longer reports errors as {reported}")
        return script.replace(reported, f"{reported}, {thrown}")

    runtime._NODEJS_WORKER_SCRIPT = told(
        told(runtime._NODEJS_WORKER_SCRIPT, 'error: String(err.message || err)', "name: err.name"),
        "error: e.message", "name: e.name",
    )
    runtime._PYTHON_WORKER_SCRIPT = told(
        runtime._PYTHON_WORKER_SCRIPT, '"error": str(e), "trace": traceback.format_exc()', '"name": type(e).__name__'
    )

    @functools.wraps(invoke)
    def invoke_worker(*args, **kwargs):
        result = invoke(*args, **kwargs)
        name.set(result.get("name") if result.get("status") == "error" else None)
        return result

    @functools.wraps(execute)
    def execute_function(*args, **kwargs):
        name.set(None)
        answer = execute(*args, **kwargs)
        body = answer.get("body")
        if answer.get("error") and name.get() and body.get("errorType") == "Runtime.HandlerError":
            body["errorType"] = name.get()
        return answer

    runtime.Worker.invoke = invoke_worker
    lam._execute_function_warm = execute_function
