"""Has botocore write a call of every operation of some services, and reads it again: read_requests.py EMULATOR_DIRECTORY

A second opinion on our readers: botocore knows the protocols from the other side. Writes what was read otherwise than it
was written, as `[[service, operation, written, read]]`, and how many operations were right.
"""

import json
import sys
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from aws_models import requests
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.serialize import create_serializer

SERVICES = (
    "apigateway", "apigatewayv2", "cloudformation", "cloudwatch", "codebuild", "codecommit", "codedeploy", "dynamodb", "ec2",
    "ecr", "events", "iam", "kms", "lambda", "logs", "route53", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm",
    "stepfunctions", "sts",
)
DEPTH = 4


def sample(shape, depth=0):
    """A value of a shape with all of its members, as deep as `DEPTH`."""
    kind = shape.type_name
    if kind == "structure":
        if shape.metadata.get("document"):
            return None
        members = {name: member for name, member in shape.members.items() if not member.serialization.get("eventstream")}
        if depth >= DEPTH:
            members = {name: member for name, member in members.items() if name in shape.required_members}
        if shape.is_tagged_union:
            members = dict(list(members.items())[:1])
        found = {name: sample(member, depth + 1) for name, member in members.items()}
        return {name: value for name, value in found.items() if value is not None} or None
    if kind == "list":
        return [value for value in [sample(shape.member, depth + 1)] if value is not None] or None
    if kind == "map":
        value = sample(shape.value, depth + 1)
        return None if value is None else {"key": value}
    if kind == "string":
        if "enum" in shape.metadata:
            return shape.metadata["enum"][0]
        return "text" if shape.serialization.get("hostLabel") else "a text"
    return {"boolean": True, "blob": b"bytes", "timestamp": 1700000000, "float": 1.5, "double": 1.5}.get(kind, 7)


def plain(shape, value):
    """What both sides say, without what they may say in several ways: times, bytes, and JSON in a header."""
    kind = shape.type_name
    if kind in ("timestamp", "blob") or shape.serialization.get("jsonvalue"):
        return kind
    if kind == "structure" and isinstance(value, dict):
        return {
            name: plain(shape.members[name], each) if name in shape.members else each for name, each in value.items()
            if each is not None and each != {} and each != []}
    if kind == "list" and isinstance(value, list):
        return [plain(shape.member, each) for each in value]
    if kind == "map" and isinstance(value, dict):
        return {key: plain(shape.value, each) for key, each in value.items()}
    return value


def written(model, operation, value):
    """A request as it arrives: what `requests.read` takes."""
    request = create_serializer(model.resolved_protocol, False).serialize_to_request(value, operation)
    url = urlsplit(request["url_path"])
    query = parse_qs(url.query, keep_blank_values=True)
    given = request["query_string"]
    pairs = given.items() if isinstance(given, dict) else given
    for name, each in pairs or ():
        query.setdefault(name, []).extend(map(str, each) if isinstance(each, list) else [str(each)])
    headers = {name.lower(): str(each) for name, each in request["headers"].items()}
    body = request["body"]
    if isinstance(body, dict):
        body = urlencode(body)
    body = body.encode() if isinstance(body, str) else body
    return request["method"], unquote(url.path), headers, body, query


def compare(model, service, name):
    operation = model.operation_model(name)
    shape = operation.input_shape
    value = shape and sample(shape) or {}
    call = requests.read([service], *written(model, operation, value))
    if call is None:
        return [model.service_name, name, "", "no operation"]
    if call.operation.name != name:
        return [model.service_name, name, name, call.operation.name]
    if shape is None:
        return None
    of_us, of_botocore = plain(shape, call.parameters), plain(shape, value)
    streams = [member for member, each in shape.members.items() if each.serialization.get("streaming")]
    for each in streams:
        of_us.pop(each, None), of_botocore.pop(each, None)
    return None if of_us == of_botocore else [model.service_name, name, repr(of_botocore), repr(of_us)]


loader = Loader()
wrong, right = [], 0
for each in SERVICES:
    its = ServiceModel(loader.load_service_model(each, "service-2"), each)
    reader = requests.Service(its)
    for operation_name in its.operation_names:
        difference = compare(its, reader, operation_name)
        if difference:
            wrong.append(difference)
        else:
            right += 1
json.dump({"wrong": wrong, "right": right}, sys.stdout)
