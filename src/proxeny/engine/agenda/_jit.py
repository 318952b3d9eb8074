"""Compile with numba, keeping the machine code on disk where the disk lets us."""

from collections.abc import Callable
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
        result: F = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        result = numba.njit(nogil=True)(function)
    return result
