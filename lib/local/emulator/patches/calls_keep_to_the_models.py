"""Calls were answered whatever their parameters, and some answers were none that AWS gives.

AWS checks the parameters of each call by its models, which also say what an answer is; botocore has copies of them. A
call that breaks them is refused as AWS refuses it. An answer that breaks them is a fault of ours: it fails its call.
`POST /_seedbed/model` compares what the gateway answers itself.
"""

import functools
import json
import logging

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel

from aws_models import answers, names, refusals, requests
from aws_models.bodies import from_json
from aws_models.shapes import violations, violations_of_answer
from patches.gateway_speaks_for_callers import HEADER

MODEL = "/_seedbed/model"
logger = logging.getLogger("ministack")


def apply(app, actions, responses, gateway_key, **_):
    shortcuts, loader = app._handle_post_body_shortcuts, Loader()

    @functools.lru_cache(maxsize=None)
    def service_model(name):
        """MiniStack makes a session of botocore for each, which takes several times as long as the model."""
        named = responses._BOTOCORE_NAME.get(name, name)
        try:
            return ServiceModel(loader.load_service_model(named, "service-2"), service_name=named)
        except UnknownServiceError:
            return None

    responses._service_model = service_model

    @functools.lru_cache(maxsize=None)
    def service(name):
        model = responses._service_model(name)
        return model and requests.Service(model)

    def services(name):
        """The models of one of MiniStack's services: API Gateway has two."""
        return [found for found in map(service, actions._BOTOCORE_SERVICE_MAP.get(name) or [name]) if found]

    def refusal(call):
        """Why AWS would refuse the call, or None."""
        operation = call.operation
        found = violations(operation.input_shape, call.parameters) if operation.input_shape else []
        found = found or names.violations(operation.service_model.signing_name, operation.name, call.parameters)
        return refusals.refusal(call, found) if found else None

    def fault(call, value, status=None):
        """What in an output, or its status, is none of AWS's, or None."""
        found = answers.violations_of_status(call, status)
        found += violations_of_answer(call.operation.output_shape, value) if value is not None else []
        if not found:
            return None
        told = refusals.fault(call, found)
        logger.error(told.message)
        return told

    def checked(name, handler):
        @functools.wraps(handler)
        async def handle(method, path, headers, body, query_params):
            call = requests.read(services(name), method, path, headers, body, query_params)
            if call is None:
                return await handler(method, path, headers, body, query_params)
            refused = refusal(call)
            if refused:
                return refusals.written(call, refused)
            status, answered, sent = answer = await handler(method, path, headers, body, query_params)
            sent = sent.encode() if isinstance(sent, str) else sent
            broken = status < 300 and fault(call, answers.read(call, status, answered, sent), status)
            return refusals.written(call, broken) if broken else answer

        return handle

    def compare(asked):
        """What is wrong with `{service, operation, input}`, or if it has one with its `output`."""
        operation = service(asked["service"]).operation(asked["operation"])
        if operation is None:
            return {}
        shapes = operation.input_shape, operation.output_shape
        given = [shape and from_json(shape, asked.get(key)) for shape, key in zip(shapes, ("input", "output"))]
        call = requests.Call(operation, "json", given[0])
        wrong = fault(call, given[1]) if "output" in asked else refusal(call)
        return wrong._asdict() if wrong else {}

    @functools.wraps(shortcuts)
    async def handle_shortcuts(method, path, headers, body, query_params, request_id):
        if path != MODEL or gateway_key is None or headers.get(HEADER.decode()) != gateway_key:
            return await shortcuts(method, path, headers, body, query_params, request_id)
        return 200, {"Content-Type": "application/json"}, json.dumps(compare(json.loads(body))).encode()

    for name, handler in list(app.SERVICE_HANDLERS.items()):
        app.SERVICE_HANDLERS[name] = checked(name, handler)
    app._handle_post_body_shortcuts = handle_shortcuts
