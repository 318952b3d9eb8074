"""What capabilities above show on the page of a call."""

from collections.abc import Callable

from django.http import HttpRequest

from proxeny.calls.models import Call

#: Returns a part of the page, empty where there is nothing to say.
type Aside = Callable[[HttpRequest, Call], str]
_ASIDES: list[Aside] = []


def add_aside(aside: Aside) -> None:
    """Show a part on the page of every call; called when Django is ready."""
    _ASIDES.append(aside)


def asides_of(request: HttpRequest, call: Call) -> list[str]:
    """Return what is shown beside a call."""
    return [text for one in _ASIDES if (text := one(request, call))]
