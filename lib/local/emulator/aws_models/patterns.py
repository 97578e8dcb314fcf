"""Regular expressions of AWS's models, which are Java's and have to match the whole value, as Python's."""

import functools
import re
import sys
import unicodedata

POSIX = {
    "ASCII": r"\x00-\x7f", "Print": r"\x20-\x7e", "Graph": r"\x21-\x7e", "Alnum": "a-zA-Z0-9", "Alpha": "a-zA-Z",
    "Digit": "0-9", "Lower": "a-z", "Upper": "A-Z", "Space": r"\s", "Punct": r"!-/:-@\[-`{-~", "Blank": r" \t",
}
PROPERTY = re.compile(r"\\p\{(?:Is)?(\w+)\}|\\p([LMNPSZC])|\[:(\w+):\]")
CLASS_BEFORE_HYPHEN = re.compile(r"(\\[wdsWDS])-(?=[^\]])")
IN_CLASS = re.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", re.DOTALL)
SURROGATES = re.compile(r"\\uD800\\uDC00-\\uDBFF\\uDFFF", re.IGNORECASE)
FLAGS = re.compile(r"\(\?([aimsx]+)\)")


ASCII_END = 0x80


def matches(pattern, value):
    """Whether a pattern of a model matches the whole value; also if Python has nothing like the pattern."""
    # Nearly all values are ASCII, and to list the characters of Unicode's categories takes a second.
    expression = compiled(pattern, ASCII_END if value.isascii() else sys.maxunicode + 1)
    return expression is None or expression.fullmatch(value) is not None


@functools.lru_cache(maxsize=None)
def compiled(pattern, end):
    """The pattern for `fullmatch` of characters below `end`, or None if Python has nothing like it."""
    flags = "".join(FLAGS.findall(pattern))
    text = SURROGATES.sub(r"\\U00010000-\\U0010FFFF", FLAGS.sub("", pattern))
    text = IN_CLASS.sub(lambda found: in_class(found[0], end), text)
    try:
        return re.compile((f"(?{flags})" if flags else "") + properties(text, end, inside=False), re.ASCII)
    except re.error:
        return None


def in_class(text, end):
    return CLASS_BEFORE_HYPHEN.sub(r"\1\\-", properties(text, end, inside=True))


def properties(text, end, inside):
    """The text with ranges for its classes of characters; `inside` brackets they need none of their own."""

    def ranges(found):
        name = found[1] or found[2] or found[3].capitalize()
        members = POSIX.get(name) or category(name, end)
        return members if inside else f"[{members}]"

    return PROPERTY.sub(ranges, text)


@functools.lru_cache(maxsize=None)
def category(name, end):
    """The characters below `end` of a Unicode category, such as `L` or `Lu`, as ranges."""
    ranges, first = [], None
    for code in range(end + 1):
        belongs = code < end and unicodedata.category(chr(code)).startswith(name)
        if belongs and first is None:
            first = code
        elif not belongs and first is not None:
            ranges.append(f"\\U{first:08x}-\\U{code - 1:08x}")
            first = None
    return "".join(ranges)
