"""Validation of numbers and keys, shared by the engine's models."""

from collections.abc import Hashable, Iterable

__all__ = ["check_distinct", "check_whole"]


def check_whole(name: str, value: int, most: int, *, least: int = 0) -> None:
    """Raise a ValueError that names the field, unless it is a whole number within the two."""
    if not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"{name}: {value!r} is not a whole number from {least} to {most}")


def check_distinct(name: str, keys: Iterable[Hashable]) -> None:
    """Raise a ValueError that names the field and the first key that comes twice."""
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{name}: two have the key {key!r}")
        seen.add(key)
