"""A WebSocket API could not be deployed by a stack, its stages answered without a deployment, and its routes invoked with
nobody's leave.

AWS::ApiGatewayV2::Deployment takes what is there when it is made, and needs a route
(docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-set-up-deployment.html; the errors as quoted
in github.com/hashicorp/terraform-provider-aws/issues/17661). A route's function lets in the route's ARN,
"…:<api>/<stage>/<route key>" (docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html).
"""

import functools
import json

from patches.rights import api_lets_in

KIND = "AWS::ApiGatewayV2::Deployment"


def apply(api_v2, evaluator, lam, provisioners, responses, **_):
    def refuse(told):
        raise ValueError(
            f'Resource handler returned message: "{told} (Service: AmazonApiGatewayV2; Status Code: 400; Error Code: '
            'BadRequestException)" (HandlerErrorCode: InvalidRequest)')

    def create(logical_id, properties, stack_name):
        api_id = properties.get("ApiId", "")
        if not api_v2._routes.get(api_id):
            refuse("At least one route is required before deploying the Api.")
        status, _headers, body = api_v2._create_deployment(api_id, {"description": properties.get("Description", "")})
        if status >= 400:
            refuse(json.loads(body).get("message", "Invalid API identifier specified"))
        deployment = json.loads(body)["deploymentId"]
        stage = properties.get("StageName")
        if stage:
            found = api_v2._stages.get(api_id, {}).get(stage)
            if found is None:
                refuse("Unable to deploy API because the stage does not exist.")
            found["deploymentId"] = deployment
        return deployment, {"DeploymentId": deployment}

    def update(physical_id, old, new, stack_name):
        deployment = api_v2._deployments.get(new.get("ApiId", ""), {}).get(physical_id)
        if deployment:
            deployment["description"] = new.get("Description", "")
        return physical_id, {"DeploymentId": physical_id}

    def delete(physical_id, properties):
        api_id = properties.get("ApiId", "")
        if any(stage.get("deploymentId") == physical_id for stage in api_v2._stages.get(api_id, {}).values()):
            refuse("Active stages pointing to this deployment must be moved or deleted")
        api_v2._deployments.get(api_id, {}).pop(physical_id, None)

    provisioners._RESOURCE_HANDLERS[KIND] = {"create": create, "update": update, "delete": delete}
    provisioners._REPLACING_PROPERTIES[KIND] = ("ApiId",)

    invoke, serve = api_v2._invoke_ws_lambda, api_v2.handle_websocket

    @functools.wraps(invoke)
    async def invoke_with_leave(api_id, account_id, region, route, stage, *args, **kwargs):
        integration = api_v2._integrations.get(api_id, {}).get(route.get("target", "").rpartition("/")[2]) or {}
        function = api_v2._extract_lambda_ref_from_integration_uri(integration.get("integrationUri", "")) or ""
        path = f"{stage}/{route.get('routeKey', '$default')}"
        place = account_id, region
        if function and not api_lets_in(
                evaluator, responses, lam, function, api_id, path, place, integration.get("credentialsArn")):
            return {"statusCode": 500, "body": json.dumps({"message": "Internal server error"})}
        return await invoke(api_id, account_id, region, route, stage, *args, **kwargs)

    @functools.wraps(serve)
    async def serve_deployed(scope, receive, send, api_id, path_override=None):
        owner = api_v2._api_owner(api_id)
        if owner and owner[0] == "WEBSOCKET":
            path = path_override if path_override is not None else scope.get("path", "")
            stages = api_v2._stages.get_scoped(owner[1], owner[2], api_id, {})
            stage = stages.get(path.lstrip("/").partition("/")[0]) or stages.get("$default") or {}
            if not stage.get("deploymentId") and not stage.get("autoDeploy"):
                await receive()
                await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
                return
        await serve(scope, receive, send, api_id, path_override)

    api_v2._invoke_ws_lambda, api_v2.handle_websocket = invoke_with_leave, serve_deployed
