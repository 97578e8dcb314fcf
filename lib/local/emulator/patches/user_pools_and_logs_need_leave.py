"""Triggers of user pools and log subscriptions invoked with nobody's leave. Their function lets in the pool or the group
(docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html). A trigger that is
not let in fails; CloudWatch Logs refuses a subscription as it is put
(docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html).
"""

import contextvars
import functools

from patches.rights import function_lets_in

TRIGGERS = ("_apply_pretoken_trigger", "_apply_presignup_trigger", "_apply_inbound_federation_trigger")
TOLD = (
    "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function.")


def apply(evaluator, lam, responses, **_):
    from ministack.services import cloudwatch_logs, cognito

    pool = contextvars.ContextVar("the user pool whose trigger is invoked", default=None)
    find, put = lam._get_func_record_for_ref, cloudwatch_logs._put_subscription_filter

    def let_in(function, service, source):
        if not function.startswith("arn:"):
            function = f"arn:aws:lambda:{responses.get_region()}:{responses.get_account_id()}:function:{function}"
        return function_lets_in(evaluator, responses, lam, function, service, source)

    @functools.wraps(find)
    def find_if_let_in(reference, *args, **kwargs):
        pool_id = pool.get()
        if pool_id:
            source = (cognito._user_pools.get(pool_id) or {}).get("Arn", "")
            if not let_in(reference, "cognito-idp.amazonaws.com", source):
                raise RuntimeError("invocation failed due to error AccessDeniedException.")
        return find(reference, *args, **kwargs)

    def triggering(original):
        @functools.wraps(original)
        def trigger(pool_id, *args, **kwargs):
            token = pool.set(pool_id)
            try:
                return original(pool_id, *args, **kwargs)
            finally:
                pool.reset(token)

        return trigger

    @functools.wraps(put)
    def put_subscription_filter(data):
        target = data.get("destinationArn", "")
        group = f"arn:aws:logs:{responses.get_region()}:{responses.get_account_id()}:log-group:{data.get('logGroupName')}:*"
        if ":function:" in target and not let_in(target, "logs.amazonaws.com", group):
            return responses.error_response_json("InvalidParameterException", TOLD, 400)
        return put(data)

    lam._get_func_record_for_ref = find_if_let_in
    cloudwatch_logs._put_subscription_filter = put_subscription_filter
    for name in TRIGGERS:
        setattr(cognito, name, triggering(getattr(cognito, name)))
