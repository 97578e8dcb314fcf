"""Lambda's calls were judged by a coarse reading of their paths, as ListAliases for UpdateAlias, and some not at all.

Botocore's model has path and operation of each. An action has its operation's name but for invocations
(docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html).
"""

OTHERWISE_NAMED = {
    "Invoke": "InvokeFunction",
    "InvokeAsync": "InvokeFunction",
    "InvokeWithResponseStream": "InvokeFunction",
    "GetLayerVersionByArn": "GetLayerVersion",
}


def apply(actions, **_):
    actions._BOTOCORE_SERVICE_MAP["lambda"] = ["lambda"]

    def lambda_action(method, path):
        operation = actions._match_rest_action("lambda", method, path)
        return OTHERWISE_NAMED.get(operation, operation)

    actions._lambda_action = lambda_action
