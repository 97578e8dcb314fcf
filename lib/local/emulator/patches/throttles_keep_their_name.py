"""A function that Lambda refused for concurrency was Lambda.Unknown to a state machine. Step Functions calls it
Lambda.TooManyRequestsException, which machines wait for by that name
(docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception).
"""

import functools


def apply(steps, **_):
    call = steps._call_lambda

    @functools.wraps(call)
    def call_lambda(func_ref, event):
        try:
            return call(func_ref, event)
        except steps._ExecutionError as error:
            if error.error != "Lambda.Unknown" or "TooManyRequestsException" not in str(error.cause):
                raise
            told = "Rate Exceeded. (Service: Lambda, Status Code: 429)"
            raise steps._ExecutionError("Lambda.TooManyRequestsException", told) from None

    steps._call_lambda = call_lambda
