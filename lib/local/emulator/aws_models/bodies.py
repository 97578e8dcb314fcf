"""Reads JSON and CBOR by a shape: members get the names that the model gives them."""

import datetime
import functools
import json

from aws_models.shapes import Unreadable


@functools.lru_cache(maxsize=None)
def members_of(shape):
    """The name and the shape of each member of a structure, by its name in JSON."""
    return {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}


def from_json(shape, value):
    """A value of JSON under the model's names. What the shape does not know stays as it is."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        if shape.metadata.get("document"):
            return value
        named, known = members_of(shape), {}
        for key, below in value.items():
            name, member = named.get(key, (key, None))
            known[name] = below if member is None else from_json(member, below)
        return known
    if kind == "list" and isinstance(value, list):
        return [from_json(shape.member, below) for below in value]
    if kind == "map" and isinstance(value, dict):
        return {key: from_json(shape.value, below) for key, below in value.items()}
    if kind == "timestamp" and isinstance(value, str):
        # Bodies have seconds since 1970 unless the model says otherwise.
        return Unreadable(value) if shape.serialization.get("timestampFormat") in (None, "unixTimestamp") else value
    return value


def parse_json(body):
    """The JSON of a body, where an empty one is an empty structure; `Unreadable` if it is none."""
    try:
        return json.loads(body) if body and body.strip() else {}
    except ValueError:
        return Unreadable(bytes(body).decode("utf-8", "replace"))


def parse_cbor(body):
    """The value of a body in CBOR, where an empty one is an empty structure."""
    from botocore.parsers import RpcV2CBORParser

    if not body:
        return {}
    parser = RpcV2CBORParser()
    return plain(parser.parse_data_item(parser.get_peekable_stream_from_bytes(bytes(body))))


def plain(value):
    """CBOR's times as the seconds that they are."""
    if isinstance(value, dict):
        return {key: plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [plain(below) for below in value]
    return value.timestamp() if isinstance(value, datetime.datetime) else value
