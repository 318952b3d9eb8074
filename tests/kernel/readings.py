"""Readings that take every place there is."""

from collections.abc import Iterator
from contextlib import contextmanager

from proxeny.kernel.sandbox import stream_apart, warm_up
from tests.kernel import hostile


@contextmanager
def no_place_left() -> Iterator[None]:
    """Read one file in the only place, so that every other one is refused."""
    warm_up(at_once=1)
    stream = stream_apart(hostile.count, b"x", 10**9)
    try:
        next(stream)
        yield
    finally:
        stream.close()
        warm_up()
