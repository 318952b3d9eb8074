"""What waits for a reader, as a mail tells it: asked of whoever gathers it."""

from datetime import datetime

from proxeny.kernel.tenancy import Reader
from proxeny.notices.operations.digests import Overview, Tell

_teller: list[Tell] = []


def tell_overviews_by(tell: Tell) -> None:
    """Have the weekly mail say what this says; called once, when the pages are ready."""
    _teller[:] = [tell]


def overview_of(reader: Reader, now: datetime) -> Overview:
    """Return what waits for a reader and which meetings come next, in the language in force."""
    return _teller[0](reader, now) if _teller else Overview()
