"""Panels that higher-level capabilities add to the page of a call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from proxeny.calls.models import Call
from proxeny.kernel.hooks import Hook
from proxeny.kernel.requests import Request

#: Returns a part of the page, empty where there is nothing to say.
type Aside = Callable[[Request, Call], str]
ASIDES: Hook[Aside] = Hook("calls.panels", "A part on the page of every call.")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A way to begin with a call as soon as it is imported: its code, its name, and where to."""

    code: str
    label: str
    address: Callable[[Call], str]


#: Returns the ways for calls that a cluster, given by its number, imports.
type Beginnings = Callable[[Request, int], Iterable[Beginning]]
BEGINNINGS: Hook[Beginnings] = Hook(
    "calls.beginnings", "What can be begun with a call right from the file it comes in."
)


def beginnings_of(request: Request, cluster_id: int) -> list[Beginning]:
    """Return the ways to begin with a call of a cluster as soon as it is imported."""
    return [way for one in BEGINNINGS for way in one(request, cluster_id)]


def asides_of(request: Request, call: Call) -> list[str]:
    """Return the panels shown beside a call."""
    return [text for one in ASIDES if (text := one(request, call))]
