"""Reading of other people's files outside this process, within limits of memory and time.

The sender of a file chooses its bytes, and a library may need all memory or all time for a few of
them. So each file is read in a process of its own: the reading functions stay plain functions from
bytes to values, and `read_apart` and `stream_apart` call them there. A file that exceeds its limits
ends that process and nothing else; its sender gets an error message.
"""

from proxeny.kernel.sandbox.client import (
    ReadingFailed,
    TooManyReadings,
    read_apart,
    stream_apart,
    warm_up,
)
from proxeny.kernel.sandbox.limits import Limits

__all__ = ["Limits", "ReadingFailed", "TooManyReadings", "read_apart", "stream_apart", "warm_up"]
