"""Bytes for people."""


def size(count: int) -> str:
    """`812 B`, `3.4 kB`, `1.2 MB`."""
    amount, units = float(count), ["B", "kB", "MB", "GB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1000, units[1:]
    return f"{count} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"
