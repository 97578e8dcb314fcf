"""Reads the parameters of a form by a shape, as query and ec2 write them: `Tags.member.1.Key=…`.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

import functools

from aws_models.texts import from_text

# What is in a form besides the operation's own parameters: who signed it, and which operation it is.
OTHERS = ("Action", "Version", "AWSAccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "Timestamp")


def parameters(shape, fields, protocol):
    """The value of an operation's input. `fields`: pairs of name and text; `protocol`: query or ec2."""
    tree = {}
    for name, text in fields:
        if name in OTHERS or name.startswith("X-Amz-"):
            continue
        branch = tree
        *path, last = name.split(".")
        for part in path:
            below = branch.get(part)
            if not isinstance(below, dict):
                below = branch[part] = {}
            branch = below
        branch[last] = text
    return structure(shape, tree, protocol)


def value_of(shape, branch, protocol):
    if shape.type_name == "structure":
        return structure(shape, branch, protocol)
    if shape.type_name == "list":
        return a_list(shape, branch, protocol)
    if shape.type_name == "map":
        return a_map(shape, branch, protocol)
    return from_text(shape, branch) if isinstance(branch, str) else branch


def structure(shape, branch, protocol):
    if branch == "":
        return {}
    if isinstance(branch, str):
        return branch
    named, value = members_of(shape, protocol), {}
    for key, below in branch.items():
        name, member = named.get(key, (key, None))
        value[name] = below if member is None else value_of(member, below, protocol)
    return value


@functools.lru_cache(maxsize=None)
def members_of(shape, protocol):
    """The name and the shape of each member of a structure, by its name in a form."""
    return {name_of(member, name, protocol): (name, member) for name, member in shape.members.items()}


def name_of(member, name, protocol):
    serialization = member.serialization
    if protocol == "ec2":
        if "queryName" in serialization:
            return serialization["queryName"]
        given = serialization.get("name", name)
        return given[:1].upper() + given[1:]
    if member.type_name == "list" and serialization.get("flattened"):
        return member.member.serialization.get("name") or serialization.get("name", name)
    return serialization.get("name", name)


def a_list(shape, branch, protocol):
    if branch == "":
        return []
    if not isinstance(branch, dict):
        return branch
    if protocol != "ec2" and not shape.serialization.get("flattened"):
        branch = branch.get(shape.member.serialization.get("name", "member"), branch)
    return [value_of(shape.member, below, protocol) for below in positioned(branch)]


def positioned(branch):
    """What is at the positions 1, 2, 3…, in their order."""
    if not isinstance(branch, dict):
        return [branch]
    return [branch[position] for position in sorted(branch, key=lambda each: int(each) if each.isdigit() else 0)]


def a_map(shape, branch, protocol):
    if branch == "":
        return {}
    if not isinstance(branch, dict):
        return branch
    if not shape.serialization.get("flattened"):
        branch = branch.get("entry", branch)
    key, value = (each.serialization.get("name", given) for each, given in ((shape.key, "key"), (shape.value, "value")))
    entries = {}
    for entry in positioned(branch):
        if not isinstance(entry, dict) or key not in entry:
            return entry  # no pair of key and value
        entries[entry[key]] = value_of(shape.value, entry.get(value, ""), protocol)
    return entries
