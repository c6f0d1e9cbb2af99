"""A disagreement made small: elements and attributes go as long as the two still disagree."""

from collections.abc import Callable

from lxml import etree

Check = Callable[[str], bool]


def shrink(text: str, bad: Check) -> str:
    """The smallest document found that is still bad."""
    changed = True
    while changed:
        changed = False
        for candidate in _smaller(text):
            if len(candidate) < len(text) and bad(candidate):
                text, changed = candidate, True
                break
    return text


def _smaller(text: str) -> list[str]:
    root = etree.fromstring(text.encode())
    found = []
    paths = [root.getroottree().getpath(item) for item in root.iter() if item is not root]
    for path in paths:
        for lift in (False, True):
            copy = etree.fromstring(text.encode())
            item = copy.xpath(path.replace("/*", "/*"))[0]
            parent = item.getparent()
            if lift and len(item) == 0:
                continue
            if lift:
                at = parent.index(item)
                for offset, child in enumerate(list(item)):
                    parent.insert(at + offset, child)
            parent.remove(item)
            found.append(etree.tostring(copy).decode())
    for path in paths:
        for name in root.xpath(path)[0].attrib:
            copy = etree.fromstring(text.encode())
            del copy.xpath(path)[0].attrib[name]
            found.append(etree.tostring(copy).decode())
    return sorted(found, key=len)
