"""Reads what is text in XML, forms, paths, queries and headers."""

import re

from aws_models.shapes import Unreadable

INTEGER = re.compile(r"[+-]?\d+")


def from_text(shape, text):
    """The value of a shape that is no structure, list or map; `Unreadable` if the text is none."""
    kind = shape.type_name
    if kind in ("integer", "long"):
        return int(text) if INTEGER.fullmatch(text.strip()) else Unreadable(text)
    if kind in ("float", "double"):
        try:
            return float(text)
        except ValueError:
            return Unreadable(text)
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.strip().lower(), Unreadable(text))
    if kind == "timestamp":
        try:
            return float(text)
        except ValueError:
            return text
    return text if kind in ("string", "character", "blob") else Unreadable(text)
