"""Rules, topics, buckets, APIs and function URLs invoked and sent with nobody's leave. They need that of the policy of the
function, queue or topic, for their own ARN, and a rule that starts an execution needs its target's role
(docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html,
docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html; of function URLs, which need two permissions since
October 2025: docs.aws.amazon.com/lambda/latest/dg/urls-auth.html).

As on AWS a rule, a topic or a bucket that is not let in says so nowhere but in a metric; here it is in the emulator's log. An
API answers 500, a function URL 403.
"""

import functools
import json
import logging

from patches.rights import api_lets_in, function_lets_in, lets_in, role_refused

LOG = logging.getLogger("seedbed")


def apply(api_v1, api_v2, evaluator, events, lam, responses, s3, sns, **_):
    from ministack.services import sqs

    def into_function(function_arn, service, source):
        let_in = function_lets_in(evaluator, responses, lam, function_arn, service, source)
        if not let_in:
            LOG.warning("%s of %s is not let in by the policy of %s", service, source, function_arn)
        return let_in

    def into_target(target, rule):
        """Whether a rule may do what its target says."""
        arn, source, service = target.get("Arn", ""), rule.get("Arn", ""), "events.amazonaws.com"
        kind = arn.split(":")[2] if arn.count(":") >= 5 else ""
        if kind == "lambda":
            return into_function(arn, service, source)
        if kind == "sqs":
            policy = (sqs._queue_by_arn(arn) or {"attributes": {}})["attributes"].get("Policy") or ""
            return lets_in(evaluator, responses, service, "sqs:SendMessage", arn, policy, source)
        if kind == "sns":
            policy = (sns._topic_by_arn_any_scope(arn) or {"attributes": {}})["attributes"].get("Policy") or ""
            return lets_in(evaluator, responses, service, "sns:Publish", arn, policy, source)
        if kind == "states":
            role = target.get("RoleArn")
            return bool(role) and not role_refused(
                evaluator, responses, role, service, "states:StartExecution", arn, source=source)
        return True

    invoke_target = events._invoke_target

    @functools.wraps(invoke_target)
    def of_rule(target, event, rule, view=None):
        of_schedule = ":scheduler:" in rule.get("Arn", "")  # which acts with a role of its own
        if of_schedule or into_target(target, rule):
            return invoke_target(target, event, rule, view)
        LOG.warning("rule %s may not invoke its target %s", rule.get("Arn"), target.get("Arn"))
        return None

    from_topic = sns._deliver_to_lambda

    @functools.wraps(from_topic)
    def of_topic(endpoint, envelope, topic_arn, *rest):
        return from_topic(endpoint, envelope, topic_arn, *rest) if into_function(endpoint, "sns.amazonaws.com", topic_arn) else None

    from_bucket = s3._deliver_event_to_lambda

    @functools.wraps(from_bucket)
    def of_bucket(arn, payload, bucket_region):
        name = payload["Records"][0]["s3"]["bucket"]["name"] if payload.get("Records") else ""
        source = f"arn:aws:s3:::{name}"
        return from_bucket(arn, payload, bucket_region) if into_function(arn, "s3.amazonaws.com", source) else None

    def of_api(api, uri_key, original, path_of):
        refused = 500, {"Content-Type": "application/json"}, json.dumps({"message": "Internal Server Error"}).encode()

        @functools.wraps(original)
        async def invoke(integration, api_id, *rest, owner_account_id=None, owner_region=None, **more):
            account, region = owner_account_id or responses.get_account_id(), owner_region or responses.get_region()
            reference = api._extract_lambda_ref_from_integration_uri(integration.get(uri_key, "")) or ""
            role = integration.get("credentialsArn") or integration.get("credentials")
            path, place = path_of(*rest, **more), (account, region)
            if not api_lets_in(evaluator, responses, lam, reference, api_id, path, place, role):
                return refused
            return await original(
                integration, api_id, *rest, owner_account_id=owner_account_id, owner_region=owner_region, **more)

        return invoke

    def of_route(stage, path, method, headers, body, query, route_key="$default", *_rest, **_more):
        verb, _space, route = route_key.partition(" ")
        if not route:
            return f"{stage}/{route_key}"
        return f"{stage}/{method if verb == 'ANY' else verb}{route}"

    def of_method(stage_name, _stage, resource, _path, method, *_rest, **_more):
        return f"{stage_name}/{method}{(resource or {}).get('path', '/')}"

    events._invoke_target = of_rule
    sns._deliver_to_lambda = of_topic
    s3._deliver_event_to_lambda = of_bucket
    api_v2._invoke_lambda_proxy = of_api(api_v2, "integrationUri", api_v2._invoke_lambda_proxy, of_route)
    for name in ("_invoke_lambda_proxy_v1", "_invoke_lambda_custom_v1"):
        setattr(api_v1, name, of_api(api_v1, "uri", getattr(api_v1, name), of_method))

    serve_url = lam.handle_function_url_request

    @functools.wraps(serve_url)
    async def of_url(url_id, method, path, headers, body, query_params, resolved=None, source_ip=None):
        found = resolved or lam.resolve_function_url(url_id)
        if found and found[4].get("AuthType") == "NONE":
            account, region, name, qualifier, _configuration = found
            function = lam._functions.get_scoped(account, region, name) or {"policy": {}}
            arn = f"arn:aws:lambda:{region}:{account}:function:{name}" + (f":{qualifier}" if qualifier else "")
            needed = (
                ("lambda:InvokeFunctionUrl", {"lambda:functionurlauthtype": "NONE"}),
                ("lambda:InvokeFunction", {"lambda:invokedviafunctionurl": "true"}),
            )
            for action, context in needed:
                source = f"arn:aws:lambda:{region}:{account}:function-url"
                if not lets_in(evaluator, responses, "nobody", action, arn, function["policy"], source, context):
                    LOG.warning("the policy of %s does not allow %s to everybody", arn, action)
                    told = json.dumps({"Message": "Forbidden. For troubleshooting Function URL authorization issues, see: "
                                       "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"})
                    answer = {"Content-Type": "application/json", "x-amzn-ErrorType": "AccessDeniedException"}
                    return 403, answer, told.encode()
        return await serve_url(url_id, method, path, headers, body, query_params, resolved, source_ip)

    lam.handle_function_url_request = of_url
