"""Reads XML by a shape, as rest-xml, query and ec2 write it.

https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
"""

import functools
from xml.etree import ElementTree

from aws_models.texts import from_text


def parse(body):
    """The root of a document; None if the body is no XML."""
    try:
        return ElementTree.fromstring(body)
    except ElementTree.ParseError:
        return None


def local(element):
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def value_of(shape, element):
    """What an element says, as the value of a shape."""
    reader = READERS.get(shape.type_name)
    return reader(shape, element) if reader else from_text(shape, element.text or "")


def structure(shape, element, ignored=()):
    """The members of a structure; `ignored` are names of elements that are none."""
    named, attributes = members_of(shape)
    value = {}
    for attribute, text in element.attrib.items():
        name, member = attributes.get(attribute.rpartition("}")[2], ("", None))
        if member is not None:
            value[name] = from_text(member, text)
    for child in element:
        tag = local(child)
        name, member = named.get(tag, (tag, None))
        if member is None:
            if tag not in ignored:
                value[tag] = child.text or ""
        elif member.type_name in ("list", "map") and member.serialization.get("flattened"):
            if member.type_name == "list":
                value.setdefault(name, []).append(value_of(member.member, child))
            else:
                value.setdefault(name, {}).update([entry_of(member, child)])
        else:
            value[name] = value_of(member, child)
    return value


@functools.lru_cache(maxsize=None)
def members_of(shape):
    """The name and the shape of each member of a structure, by its element's name, and those that are attributes."""
    named = {key_of(member, name): (name, member) for name, member in shape.members.items() if in_body(member)}
    attributes = {
        key.rpartition(":")[2]: (name, member) for key, (name, member) in named.items()
        if member.serialization.get("xmlAttribute")}
    return named, attributes


def in_body(member):
    return member.serialization.get("location") is None


def key_of(member, name):
    """The element's name of a member; that of a flattened list is its members'."""
    if member.type_name == "list" and member.serialization.get("flattened"):
        inner = member.member.serialization.get("name")
        if inner is not None:
            return inner
    return member.serialization.get("name", name)


def a_list(shape, element):
    return [value_of(shape.member, child) for child in element]


def a_map(shape, element):
    return dict(entry_of(shape, entry) for entry in element)


def entry_of(shape, entry):
    key_name = shape.key.serialization.get("name", "key")
    key = value = None
    for child in entry:
        if local(child) == key_name:
            key = value_of(shape.key, child)
        else:
            value = value_of(shape.value, child)
    return key, value


READERS = {"structure": structure, "list": a_list, "map": a_map}
