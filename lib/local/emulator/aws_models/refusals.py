"""Tells a client what is wrong, as the service that it called tells of errors."""

import json
from typing import NamedTuple
from xml.sax.saxutils import escape

# What services name a broken constraint, where it is not ValidationException.
NAMED = {
    "apigateway": "BadRequestException",
    "apigatewayv2": "BadRequestException",
    "cloudwatch": "ValidationError",
    "codebuild": "InvalidInputException",
    "ecr": "InvalidParameterException",
    "logs": "InvalidParameterException",
    "s3": "InvalidArgument",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
}
MISSING = {"sqs": "MissingParameter"}
# What protocols name a value that cannot be read, where it is not SerializationException.
OF_TYPES = {"query": "MalformedInput", "ec2": "MalformedInput", "rest-xml": "MalformedXML"}


class Error(NamedTuple):
    """An error as AWS names it. `status`: that of HTTP."""

    code: str
    message: str
    status: int


def refusal(call, found):
    """The error of a call that breaks the model in what was `found`."""
    # A service cannot read a value of a wrong type, and so does not get to its constraints.
    found = [violation for violation in found if violation.kind == "type"] or found
    return Error(code_of(call, found[0]), message(found), 400)


def message(found):
    """What AWS says of broken constraints together."""
    told = "; ".join(violation.told for violation in found)
    if found[0].kind in ("type", "name"):
        return told
    return f"{len(found)} validation {'error' if len(found) == 1 else 'errors'} detected: {told}"


def fault(call, found):
    """The error instead of an answer that breaks the model."""
    operation = call.operation
    told = "; ".join(violation.told for violation in found)
    named = f"{operation.service_model.service_name} {operation.name}"
    return Error("InternalFailure", f"the local cloud answers {named} otherwise than AWS's model says: {told}", 500)


def code_of(call, violation):
    service = call.operation.service_model.service_name
    if violation.code:
        return violation.code
    if violation.kind == "type" or in_document(call, violation):
        return OF_TYPES.get(call.protocol, "SerializationException")
    own = own_exception(call.operation, violation)
    if own:
        return own
    if violation.kind == "required" and service in MISSING:
        return MISSING[service]
    return NAMED.get(service) or ("ValidationError" if call.protocol in ("query", "ec2") else "ValidationException")


def in_document(call, violation):
    """Whether it is in a call's XML, of which S3 and its like say only that it is not as their schema has it."""
    shape = call.operation.input_shape
    name = next((name for name in shape.members if name.lower() == violation.member.split(".")[0].lower()), None)
    return call.protocol == "rest-xml" and (name is None or shape.members[name].serialization.get("location") is None)


def own_exception(operation, violation):
    """CodeDeploy and CodeCommit have an exception for each member, such as ApplicationNameRequiredException."""
    name = violation.member.split(".")[0]
    name = name[:1].upper() + name[1:]
    wanted = f"{name}RequiredException" if violation.kind == "required" else f"Invalid{name}Exception"
    return wanted if any(shape.name == wanted for shape in operation.error_shapes) else None


def written(call, error):
    """An error as the protocol of the call writes it: status, headers and body."""
    code, message, status = error
    told = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if call.protocol == "query":
        kind = "Sender" if status < 500 else "Receiver"
        body = f"<ErrorResponse><Error><Type>{kind}</Type>{told}</Error></ErrorResponse>"
        return status, {"Content-Type": "text/xml"}, body.encode()
    if call.protocol == "ec2":
        body = f"<Response><Errors><Error>{told}</Error></Errors></Response>"
        return status, {"Content-Type": "text/xml"}, body.encode()
    if call.protocol == "rest-xml":
        return status, {"Content-Type": "application/xml"}, f"<Error>{told}</Error>".encode()
    if call.protocol == "cbor":
        headers = {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        return status, headers, cbor_map({"__type": code, "message": message})
    headers = {"Content-Type": "application/json", "x-amzn-errortype": code}
    return status, headers, json.dumps({"__type": code, "message": message}).encode()


def cbor_map(texts):
    """A map of at most 23 texts in CBOR (RFC 8949)."""
    return bytes([0xA0 + len(texts)]) + b"".join(cbor_text(text) for pair in texts.items() for text in pair)


def cbor_text(text):
    encoded = text.encode()
    return b"\x7a" + len(encoded).to_bytes(4, "big") + encoded
