"""Compares a value with a shape of a model."""

import re
from typing import NamedTuple

from aws_models.patterns import matches

ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
NOT_NUMBERS = ("NaN", "Infinity", "-Infinity")
# What AWS answers though its models have no such value: a stack is among its own events, with the statuses of stacks,
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html.
BEYOND = {
    "ResourceStatus": (
        "REVIEW_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"),
}
SHOWN = 256  # characters of a value in a message


class Violation(NamedTuple):
    """What a value breaks. `kind`: type, unknown, required, enum, size (of lists and maps), length, range,
    pattern or name; `told` as AWS tells it."""

    kind: str
    member: str
    told: str
    # The error's code if it is another one than that of broken constraints.
    code: str | None = None


class Unreadable(str):
    """A text that cannot be what its shape is, such as a word for a number."""


def violations(shape, value):
    """Everything in which a structure breaks its shape. `value` has the names that the model gives members."""
    found = []
    check(shape, value, "", found)
    return found


def violations_of_answer(shape, value):
    """The same of an answer, but for sizes of lists and ranges of numbers.

    AWS answers empty lists where its models want members, such as `projectsNotFound`. MiniStack has a throughput of 0 for
    tables that are paid by request.
    """
    return [violation for violation in violations(shape, value) if violation.kind not in ("size", "range")]


def check(shape, value, where, found):
    """Adds to `found` what `value`, a member named `where`, breaks."""
    kind = shape.type_name
    if kind in CHECKS:
        if shape.metadata.get("document") or is_text_of_json(shape):
            return
        CHECKS[kind](shape, value, where, found)


def is_text_of_json(shape):
    """Whether a header has the member's JSON, coded."""
    return bool(shape.serialization.get("jsonvalue"))


def inner(where, name):
    """A member's name in AWS's messages: `tags.1.member.key`."""
    lower = name[:1].lower() + name[1:]
    return f"{where}.{lower}" if where else lower


def wrong_type(shape, value, where, found):
    named = f"'{where}'" if where else "the body"
    found.append(Violation("type", where, f"{named} is {kind_of(value)}, where the model has {a(shape.type_name)}"))


def a(kind):
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def kind_of(value):
    if value is None:
        return "null"
    if isinstance(value, Unreadable):
        return f"the text '{value[:SHOWN]}'"
    if isinstance(value, bool):
        return "a boolean"
    return {dict: "a structure", list: "a list", str: "a string"}.get(type(value), "a number")


def breaks(kind, shape, value, where, constraint, found):
    shown = "" if shape.metadata.get("sensitive") else f" '{str(value)[:SHOWN]}'"
    told = f"Value{shown} at '{where}' failed to satisfy constraint: Member must {constraint}"
    found.append(Violation(kind, where, told))


def check_structure(shape, value, where, found):
    if not isinstance(value, dict):
        return wrong_type(shape, value, where, found)
    members = shape.members
    for name, member in value.items():
        if name not in members:
            found.append(Violation("unknown", inner(where, name), f"'{inner(where, name)}' is no member of {shape.name}"))
        elif member is not None:
            check(members[name], member, inner(where, name), found)
    for name in shape.required_members:
        if value.get(name) is None:
            told = f"Value null at '{inner(where, name)}' failed to satisfy constraint: Member must not be null"
            found.append(Violation("required", inner(where, name), told))
    if shape.is_tagged_union and sum(member is not None for member in value.values()) != 1:
        told = f"'{where}' must have exactly one of {', '.join(members)}"
        found.append(Violation("type", where, told))


def check_list(shape, value, where, found):
    if not isinstance(value, list):
        return wrong_type(shape, value, where, found)
    check_size("size", len(value), shape, value, where, found)
    for position, member in enumerate(value, 1):
        check(shape.member, member, f"{where}.{position}.member", found)


def check_map(shape, value, where, found):
    if not isinstance(value, dict):
        return wrong_type(shape, value, where, found)
    check_size("size", len(value), shape, value, where, found)
    for key, member in value.items():
        check(shape.key, key, f"{where}.key", found)
        check(shape.value, member, f"{where}.{key}.value", found)


def check_size(kind, size, shape, value, where, found):
    """Compares a length or a number with the least and the greatest that the model has."""
    least, greatest = shape.metadata.get("min"), shape.metadata.get("max")
    of = "value " if kind == "range" else "length "
    if least is not None and size < least:
        breaks(kind, shape, value, where, f"have {of}greater than or equal to {least}", found)
    if greatest is not None and size > greatest:
        breaks(kind, shape, value, where, f"have {of}less than or equal to {greatest}", found)


def check_string(shape, value, where, found):
    if not isinstance(value, str) or isinstance(value, Unreadable):
        return wrong_type(shape, value, where, found)
    metadata = shape.metadata
    if "enum" in metadata and value not in metadata["enum"] and value not in BEYOND.get(shape.name, ()):
        breaks("enum", shape, value, where, f"satisfy enum value set: [{', '.join(metadata['enum'])}]", found)
    check_size("length", len(value), shape, value, where, found)
    pattern = metadata.get("pattern")
    if pattern and not matches(pattern, value):
        breaks("pattern", shape, value, where, f"satisfy regular expression pattern: {pattern}", found)


def check_blob(shape, value, where, found):
    if isinstance(value, (bytes, bytearray)):
        size = len(value)
    elif isinstance(value, str) and len(value) % 4 == 0 and BASE64.fullmatch(value):
        size = len(value) // 4 * 3 - value.count("=", -2)
    else:
        return wrong_type(shape, value, where, found)
    check_size("length", size, shape, "", where, found)


def check_integer(shape, value, where, found):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 != 0:
        return wrong_type(shape, value, where, found)
    check_size("range", value, shape, value, where, found)


def check_float(shape, value, where, found):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        if value in NOT_NUMBERS and not isinstance(value, Unreadable):
            return
        return wrong_type(shape, value, where, found)
    check_size("range", value, shape, value, where, found)


def check_boolean(shape, value, where, found):
    if not isinstance(value, bool):
        wrong_type(shape, value, where, found)


def check_timestamp(shape, value, where, found):
    """A number where the protocol has seconds since 1970, else a text; CBOR's is a time already."""
    if isinstance(value, Unreadable):
        wrong_type(shape, value, where, found)
    elif isinstance(value, str):
        if not ISO.fullmatch(value) and not HTTP_DATE.fullmatch(value):
            wrong_type(shape, Unreadable(value), where, found)
    elif isinstance(value, (bool, dict, list)):
        wrong_type(shape, value, where, found)


CHECKS = {
    "structure": check_structure, "list": check_list, "map": check_map, "string": check_string, "character": check_string,
    "blob": check_blob, "integer": check_integer, "long": check_integer, "float": check_float, "double": check_float,
    "boolean": check_boolean, "timestamp": check_timestamp,
}
