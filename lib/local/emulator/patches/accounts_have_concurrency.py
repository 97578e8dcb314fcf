"""How many executions ran at once was limited by the machine's memory alone, over all accounts.

AWS limits them by account and region. An asynchronous invocation that is refused is tried again for hours, and that
counts as no attempt: docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import contextvars
import functools
import json
import threading
import time

import quotas

QUOTA = "lambda-concurrent-executions"
PAUSE_SECONDS = 1


def apply(lam, responses, **_):
    acquire, told, execute = lam._acquire_execution_slot, lam._throttle_response, lam._execute_function
    invoke_async, settings = lam.invoke_async_with_retry, lam._get_account_settings
    patient = contextvars.ContextVar("whether the invocation is asynchronous", default=False)
    lock = threading.Lock()

    @functools.wraps(acquire)
    def acquire_slot(func, config):
        account, region, _name = lam._inflight_key(config).split(":", 2)
        with lock:
            _all, by_function = lam.executions_in_flight()
            running = sum(count for key, count in by_function.items() if key.startswith(f"{account}:{region}:"))
            if running >= quotas.figure(QUOTA, account):
                return None, "account"
            return acquire(func, config)

    @functools.wraps(told)
    def throttle_response(reason_code, msg, retry_after=1):
        _code, message, _status = quotas.error(QUOTA, responses.get_account_id())
        return told(reason_code, message, retry_after)

    @functools.wraps(execute)
    def execute_function(func, event):
        answer = execute(func, event)
        while patient.get() and answer.get("throttle"):
            time.sleep(PAUSE_SECONDS)
            answer = execute(func, event)
        return answer

    @functools.wraps(invoke_async)
    def invoke_async_with_retry(func, event):
        token = patient.set(True)
        try:
            invoke_async(func, event)  # which copies the context into its thread
        finally:
            patient.reset(token)

    @functools.wraps(settings)
    def account_settings():
        status, headers, body = settings()
        described = json.loads(body)
        limit, most = described["AccountLimit"], quotas.figure(QUOTA, responses.get_account_id())
        reserved = limit["ConcurrentExecutions"] - limit["UnreservedConcurrentExecutions"]
        limit.update(ConcurrentExecutions=most, UnreservedConcurrentExecutions=max(most - reserved, 0))
        return status, headers, json.dumps(described).encode()

    lam._acquire_execution_slot, lam._throttle_response = acquire_slot, throttle_response
    lam._execute_function, lam._get_account_settings = execute_function, account_settings
    lam.invoke_async_with_retry = invoke_async_with_retry
