"""Authorizers of APIs invoked with nobody's leave. Their function lets in the authorizer's ARN, "…:<api>/authorizers/<id>",
or a role is given that may invoke it (docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html,
docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html). Else the API answers 500.
"""

import functools

from patches.rights import api_lets_in


def apply(api_v1, api_v2, evaluator, lam, responses, **_):
    def judged(api, original, credentials):
        @functools.wraps(original)
        async def invoke(authorizer, event, account_id, region):
            function = api._extract_lambda_ref_from_integration_uri(authorizer.get("authorizerUri", "")) or ""
            arn = event.get("methodArn") or event.get("routeArn") or ""
            api_id = arn.split(":")[5].partition("/")[0] if arn.count(":") >= 5 else "*"
            path = f"authorizers/{authorizer.get('authorizerId') or authorizer.get('id')}"
            place = account_id, region
            let_in = api_lets_in(evaluator, responses, lam, function, api_id, path, place, authorizer.get(credentials))
            return await original(authorizer, event, account_id, region) if let_in else None

        return invoke

    api_v1._invoke_authorizer_lambda = judged(api_v1, api_v1._invoke_authorizer_lambda, "authorizerCredentials")
    api_v2._invoke_request_authorizer_lambda = judged(
        api_v2, api_v2._invoke_request_authorizer_lambda, "authorizerCredentialsArn")
