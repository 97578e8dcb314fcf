"""Finds the operation that a method and a path of a REST service name."""

import re
from typing import NamedTuple

LABEL = re.compile(r"\{(\w[\w-]*)(\+?)\}")


class Route(NamedTuple):
    """The way to one operation. `fixed`: the query that it has always; `literals`: parts of the path that are no labels."""

    operation: object
    method: str
    path: re.Pattern
    labels: tuple
    fixed: dict
    needed_queries: frozenset
    needed_headers: frozenset
    literals: int


def routes_of(model):
    """All routes of a REST service."""
    return [route_of(model.operation_model(name)) for name in model.operation_names]


def route_of(operation):
    uri, _, query = operation.http["requestUri"].partition("?")
    labels, parts, end = [], [], 0
    for found in LABEL.finditer(uri):
        # A path arrives decoded: an ARN in a label may have slashes.
        parts += [re.escape(uri[end:found.start()]), "(.+)" if found[2] else "(.+?)"]
        labels.append(found[1])
        end = found.end()
    parts.append(re.escape(uri[end:].rstrip("/")))
    fixed = dict(part.partition("=")[::2] for part in query.split("&") if part)
    needed = {"querystring": set(), "header": set()}
    shape = operation.input_shape
    for name in shape.required_members if shape else ():
        member = shape.members[name]
        location = member.serialization.get("location")
        if location in needed:
            needed[location].add(member.serialization.get("name", name))
    return Route(
        operation, operation.http["method"], re.compile(f"{''.join(parts)}/?", re.DOTALL), tuple(labels), fixed,
        frozenset(needed["querystring"]), frozenset(name.lower() for name in needed["header"]),
        sum(1 for part in uri.split("/") if part and not part.startswith("{")))


def find(routes, method, path, query, headers):
    """The route of a call and the values of its labels by name; None if there is none.

    Where several fit it is the one that more of the call speaks for: the query it always has, and what it requires.
    """
    best = None
    for route in routes:
        if route.method != method:
            continue
        found = route.path.fullmatch(path)
        if not found or not all(key in query and value in ("", query[key][0]) for key, value in route.fixed.items()):
            continue
        whole = route.needed_queries <= query.keys() and route.needed_headers <= headers.keys()
        needed = len(route.needed_queries) + len(route.needed_headers)
        named = query.get("x-id") == [route.operation.name]
        rank = (named, whole, not route.operation.deprecated, route.literals, len(route.labels), len(route.fixed), needed)
        if best is None or rank > best[0]:
            best = (rank, route, dict(zip(route.labels, found.groups())))
    return best[1:] if best else None
