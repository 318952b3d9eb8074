"""Compile kernels that call each other across files, with code on disk that none outlives."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from proxeny.engine import _jit as engine_jit

__all__ = ["compiled"]


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a kernel without holding the interpreter lock while it runs.

    Notes
    -----
    These kernels call kernels of other files, which numba does not look at when it asks whether
    code on disk still holds; so each is marked with the sources of all. They hand arrays to each
    other one by one: a tuple of arrays would be counted up and down at each call, which costs more
    than the moves themselves.
    """
    made = engine_jit.compiled(function)
    _stamp(made)
    return made


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
    names = ("../_jit.py", "_jit.py", "_state.py", "_insertion.py", "_chain.py", "_kernel.py")
    return hashlib.sha256(b"".join((folder / name).read_bytes() for name in names)).hexdigest()
