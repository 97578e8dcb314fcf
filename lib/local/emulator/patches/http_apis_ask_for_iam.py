"""An HTTP API was found only by callers of its own account, and routes with AWS_IAM were judged by signatures for any service
and region, with answers that tell the reason. An HTTP API has no policy of its own, so callers of other accounts are refused
(docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html,
repost.aws/knowledge-center/api-gateway-cross-account-403), and whoever is refused is told "Forbidden" and nothing else.
The resource is arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>
(docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html).
"""

import functools
import re

INVOKE = "execute-api:Invoke"
SCOPE = re.compile(r"^AWS4-HMAC-SHA256 Credential=([^/,\s]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")


def apply(api_v2, app, evaluator, responses, **_):
    enforce = app._enforce_execute_api

    @functools.wraps(enforce)
    def judge(api_id, stage, method, execute_path, headers, query_params, iam_action=INVOKE):
        asks = iam_action == INVOKE and api_v2.route_authorization_type(api_id, stage, method, execute_path) == "AWS_IAM"
        if not asks:
            return enforce(api_id, stage, method, execute_path, headers, query_params, iam_action)
        account, region = api_v2.find_api_scope(api_id)
        signed = SCOPE.match(headers.get("authorization", ""))
        if not signed or signed.groups()[1:] != (region, "execute-api") or responses.get_account_id() != account:
            return api_v2._jwt_forbidden()
        resource = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage}/{method}/{execute_path.lstrip('/')}"
        denied = evaluator.enforce(signed.group(1), INVOKE, "apigateway", region, resource_arn=resource)
        return api_v2._jwt_forbidden() if denied else None

    @functools.wraps(api_v2.find_api_scope)
    def find_api_scope(api_id):
        """The account and region of an API, which its id alone names, whoever calls."""
        return next(((account, region) for (account, region, known), _api in api_v2._apis.all_items() if known == api_id), None)

    app._enforce_execute_api = judge
    api_v2.find_api_scope = find_api_scope
