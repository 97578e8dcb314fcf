"""Reads an answer that tells of no error, as any of AWS's protocols writes it."""

from aws_models import documents
from aws_models.bodies import from_json, parse_cbor, parse_json
from aws_models.requests import of_body, of_headers
from aws_models.shapes import Unreadable, Violation

# S3 answers this one operation as no protocol does: docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
UNLIKE_THE_MODEL = {"GetBucketLocation"}
# What answers have besides the output, by protocol.
BESIDES = {"query": ("ResponseMetadata",), "ec2": ("requestId",)}


def read(call, status, headers, body):
    """The output; None if the operation has none, or none that can be read."""
    shape = call.operation.output_shape
    if shape is None or call.operation.name in UNLIKE_THE_MODEL:
        return None
    if call.protocol == "json":
        return from_json(shape, parse_json(body))
    if call.protocol == "cbor":
        return parse_cbor(body)
    if call.protocol in BESIDES:
        return of_xml(shape, body, BESIDES[call.protocol])
    return of_rest(shape, call, status, {name.lower(): text for name, text in headers.items()}, body)


def violations_of_status(call, status):
    """What is wrong with the status of a REST answer. Of S3 the model has other ones than its API reference."""
    http = call.operation.http
    output = call.operation.output_shape
    if call.protocol != "rest-json" or status is None or status == http.get("responseCode", 200):
        return []
    if any(member.serialization.get("location") == "statusCode" for member in (output.members.values() if output else ())):
        return []
    return [Violation("type", "status", f"the status is {status}, where the model has {http.get('responseCode', 200)}")]


def of_xml(shape, body, besides):
    root = documents.parse(body)
    if root is None:
        return Unreadable(bytes(body).decode("utf-8", "replace"))
    wrapper = shape.serialization.get("resultWrapper")
    if wrapper is not None:
        root = next((child for child in root if documents.local(child) == wrapper), None)
        if root is None:
            return {} if not shape.members else Unreadable(f"no {wrapper}")
    return documents.structure(shape, root, besides)


def of_rest(shape, call, status, headers, body):
    value = {}
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        if location == "statusCode":
            value[name] = status
        elif location is not None:
            found = of_headers(member, location, member.serialization.get("name", name), headers)
            if found is not None:
                value[name] = found
    if call.operation.http["method"] != "HEAD":
        found = of_body(shape, body, call.protocol)
        if not isinstance(found, dict):
            return found
        value.update(found)
    return value
