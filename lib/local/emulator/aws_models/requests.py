"""Reads which operation a call names, and its parameters, as any of AWS's protocols writes them."""

from typing import NamedTuple
from urllib.parse import parse_qsl

from aws_models import documents, forms, routes
from aws_models.bodies import from_json, parse_cbor, parse_json
from aws_models.shapes import Unreadable
from aws_models.texts import from_text


class Call(NamedTuple):
    """A call as the model has it. `protocol`: json, cbor, query, ec2, rest-json or rest-xml."""

    operation: object
    protocol: str
    parameters: object


class Service:
    """A service's model, and what is made of it once."""

    def __init__(self, model):
        self.model = model
        self._routes = None

    @property
    def is_rest(self):
        return self.model.metadata["protocol"].startswith("rest-")

    def operation(self, name):
        return self.model.operation_model(name) if name in self.model.operation_names else None

    def routes(self):
        if self._routes is None:
            self._routes = routes.routes_of(self.model)
        return self._routes


def read(services, method, path, headers, body, query):
    """The call, or None if no operation of the services is meant. `query`: lists of values by name."""
    kind = headers.get("content-type", "")
    for service in services:
        target = headers.get("x-amz-target", "")
        if target and not service.is_rest:
            operation = service.operation(target.rpartition(".")[2])
            return operation and Call(operation, "json", json_parameters(operation, body))
        if headers.get("smithy-protocol") == "rpc-v2-cbor":
            operation = service.operation(path.rpartition("/")[2])
            return operation and Call(operation, "cbor", operation.input_shape and parse_cbor(body))
        if "x-www-form-urlencoded" in kind or ("Action" in query and not service.is_rest):
            fields = [(name, value) for name, values in query.items() for value in values]
            fields += parse_qsl(bytes(body or b"").decode("utf-8", "replace"), keep_blank_values=True)
            operation = service.operation(dict(fields).get("Action"))
            protocol = "ec2" if service.model.metadata["protocol"] == "ec2" else "query"
            return operation and Call(operation, protocol, form_parameters(operation, fields, protocol))
        if service.is_rest:
            found = routes.find(service.routes(), method, path, query, headers)
            if found:
                route, labels = found
                protocol = service.model.metadata["protocol"]
                return Call(route.operation, protocol, rest_parameters(route, labels, headers, body, query, protocol))
    return None


def json_parameters(operation, body):
    return from_json(operation.input_shape, parse_json(body)) if operation.input_shape else {}


def form_parameters(operation, fields, protocol):
    return forms.parameters(operation.input_shape, fields, protocol) if operation.input_shape else {}


def rest_parameters(route, labels, headers, body, query, protocol):
    shape = route.operation.input_shape
    if shape is None:
        return {}
    value = {}
    for name, member in shape.members.items():
        key = member.serialization.get("name", name)
        location = member.serialization.get("location")
        if location == "uri":
            value[name] = from_text(member, labels.get(key, ""))
        elif location == "querystring":
            found = of_query(member, key, query, others={*route.fixed, *keys_in_query(shape)})
            if found is not None:
                value[name] = found
        elif location is not None:
            found = of_headers(member, location, key, headers)
            if found is not None:
                value[name] = found
    inside = of_body(shape, body, protocol)
    if not isinstance(inside, dict):
        return inside
    value.update(inside)
    return value


def keys_in_query(shape):
    """The names in a query of a structure's members but maps, which have all other names."""
    members = shape.members.items()
    return [member.serialization.get("name", name) for name, member in members if member.type_name != "map"]


def of_query(member, key, query, others):
    if member.type_name == "map":
        return {name: values[0] for name, values in query.items() if name not in others} or None
    if key not in query:
        return None
    if member.type_name == "list":
        return [from_text(member.member, text) for text in query[key]]
    return from_text(member, query[key][0])


def of_headers(member, location, key, headers):
    """What headers say of a member, or None. Names of headers are in lower case."""
    if location == "headers":
        prefix = key.lower()
        return {name[len(prefix):]: text for name, text in headers.items() if name.startswith(prefix)} or None
    if location != "header" or key.lower() not in headers:
        return None
    text = headers[key.lower()]
    if member.type_name == "list":
        return [from_text(member.member, part.strip()) for part in text.split(",")]
    return from_text(member, text)


def of_body(shape, body, protocol):
    """The members of an input or output of REST that are in the body."""
    payload = shape.serialization.get("payload")
    if payload is not None:
        member = shape.members[payload]
        if member.type_name != "structure" or member.serialization.get("eventstream"):
            return of_bytes(payload, member, body)
        if not body:
            return {}
        found = of_document(member, body, protocol)
        return {payload: found}
    inside = {name: member for name, member in shape.members.items() if documents.in_body(member)}
    if not inside or not body:
        return {}
    return of_document(shape, body, protocol)


def of_bytes(name, member, body):
    if member.type_name == "string":
        return {name: bytes(body).decode("utf-8", "replace")} if body else {}
    if member.serialization.get("streaming") or member.type_name != "blob" or not isinstance(body, (bytes, bytearray)):
        return {}  # whatever flows, and events
    return {name: body}


def of_document(shape, body, protocol):
    if protocol == "rest-json":
        return from_json(shape, parse_json(body))
    root = documents.parse(body)
    return Unreadable(bytes(body).decode("utf-8", "replace")) if root is None else documents.value_of(shape, root)
