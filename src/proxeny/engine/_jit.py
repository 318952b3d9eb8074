"""Compilation with numba, with the machine code cached on disk where possible."""

from collections.abc import Callable
from typing import Any

import numba

__all__ = ["compiled"]


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a kernel that releases the interpreter lock, so that parts of a job run in parallel.

    A cold compile takes seconds, so the code is cached next to the module or in the user's cache
    folder.

    Notes
    -----
    Cached code is invalidated only by changes to the kernel's own file: a kernel therefore calls
    only kernels of that file.
    """
    try:
        result: F = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # A read-only installation has nowhere to keep machine code.
        result = numba.njit(nogil=True)(function)
    return result
