"""Compile with numba, keeping the machine code on disk where the disk lets us."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba

__all__ = ["compiled"]


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a kernel without holding the interpreter lock while it runs.

    Notes
    -----
    A cold compile takes seconds, so the code is cached beside the module or in the user's cache
    folder. Where neither can be written (a read-only installation), it is compiled per process.
    Kernels hand arrays to each other one by one: a tuple of arrays would be counted up and down at
    each call, which costs more than the moves themselves.
    """
    try:
        dispatcher = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        dispatcher = numba.njit(nogil=True)(function)
    else:
        _stamp(dispatcher)
    result: F = dispatcher
    return result


def _stamp(dispatcher: Any) -> None:
    """Make code on disk stale when any kernel changes.

    numba looks at the file of the function alone, but its code holds that of other files it calls;
    an upgrade would run old moves.
    """
    cache_file: Any = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if hasattr(cache_file, "_source_stamp"):
        cache_file._source_stamp = _digest()


@cache
def _digest() -> str:
    """Digest of the sources of all kernels."""
    folder = Path(__file__).parent
    names = ("_jit.py", "_state.py", "_insertion.py", "_chain.py", "_kernel.py")
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
