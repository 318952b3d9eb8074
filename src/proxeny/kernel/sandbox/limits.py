"""Limits of one reading."""

import contextlib
import resource
from dataclasses import dataclass
from pathlib import Path

_MB = 1024 * 1024
#: Assumed memory of a process where the system does not report it.
_GUESSED = 512 * _MB


@dataclass(frozen=True, slots=True)
class Limits:
    """The resources that one reading may use.

    Attributes
    ----------
    cpu_s : int
        Seconds of processor time.
    wall_s : float
        Seconds until the value, or until the next value of a stream.
    memory : int
        Bytes of address space, in addition to those of the code itself.
    output : int
        Bytes of output, in total.
    """

    cpu_s: int = 10
    wall_s: float = 20
    memory: int = 512 * _MB
    output: int = 256 * _MB


#: For files of some megabytes, while somebody waits.
USUAL = Limits()


def confine(limits: Limits) -> None:
    """Hold this process to limits: no way back, and nothing written to any file."""
    room = _address_space() + limits.memory
    for kind, least in (
        (resource.RLIMIT_AS, room),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        _lower(kind, least)
    if hasattr(resource, "RLIMIT_NPROC"):
        _lower(resource.RLIMIT_NPROC, 0)


def _lower(kind: int, least: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    least = least if hard == resource.RLIM_INFINITY else min(least, hard)
    # Some systems know a limit by name and refuse to set it (address space on macOS).
    with contextlib.suppress(ValueError, OSError):
        # A second more until the kill that nothing can catch.
        most = least + 1 if kind == resource.RLIMIT_CPU else least
        resource.setrlimit(kind, (least, most if hard == resource.RLIM_INFINITY else hard))


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return _GUESSED
    return pages * resource.getpagesize()
