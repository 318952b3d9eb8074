"""Compile with numba, keeping the machine code on disk where the disk lets us."""

from collections.abc import Callable
from typing import Any

import numba

__all__ = ["compiled"]


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a kernel that holds no interpreter lock, so that shares of one work run side by side.

    A cold compile takes seconds, so the code is kept beside the module or in the user's cache
    folder.

    Notes
    -----
    Code on disk is made stale by a change of the file alone that the kernel stands in: a kernel
    therefore calls only kernels of its own file.
    """
    try:
        result: F = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:
        # A read-only installation has nowhere to keep machine code.
        result = numba.njit(nogil=True)(function)
    return result
