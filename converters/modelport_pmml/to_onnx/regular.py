"""Regular expressions of Java in the words of RE2, which onnxruntime matches with; and where a match may stand."""

from modelport_pmml.reader.element import Element

BREAKS = "\n\r\u0085\u2028\u2029"
"""Characters that end a line to Java."""
ANY, BLANK = f"[^{BREAKS}]", " \t\n\x0b\f\r"
"""What `.` and `\\s` are to Java."""
LAST = f"(?:\r\n|[{BREAKS}])?"
"""What may stand after `$` at the end of a text."""
ALIKE = frozenset("dDwWbBtnrfa")
"""Letters that mean the same after a backslash."""


def translated(pattern: str, where: Element) -> str:
    """A pattern that Java and RE2 would read differently, as RE2 reads it; `$` only at its end is left to `found`.

    Raises:
        CannotConvert: it holds what has no equal.
    """
    made: list[str] = []
    inside, at = False, 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "\\":
            made.append(_escaped(pattern, at, inside, where))
            at += 1
        elif inside:
            inside = char != "]"
            made.append(char)
        elif char == "[":
            inside = True
            made.append(char)
        elif char == "$":
            raise where.refuse(f"the pattern {pattern!r} has a $ before its end")
        else:
            made.append(ANY if char == "." else char)
    return "".join(made)


def _escaped(pattern: str, at: int, inside: bool, where: Element) -> str:
    letter = pattern[at : at + 1]
    if letter == "s":
        return BLANK if inside else f"[{BLANK}]"
    if letter == "S" and not inside:
        return f"[^{BLANK}]"
    if letter in ALIKE or not letter.isalnum():
        return f"\\{letter}"
    raise where.refuse(f"the pattern {pattern!r} may mean another thing outside of Java")


def found(pattern: str, where: Element) -> str:
    """An expression that is met by a whole text in which the pattern is found."""
    ends = pattern.endswith("$") and not pattern.endswith("\\$")
    body = translated(pattern[:-1] if ends else pattern, where)
    if not ends:
        return f"(?s:.*)(?:{body})(?s:.*)"
    if "|" in pattern:
        raise where.refuse(f"the pattern {pattern!r} has a $ in one of several choices")
    return f"(?s:.*)(?:{body}){LAST}"
