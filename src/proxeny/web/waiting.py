"""Pending items of a reader about long work: what stopped before it finished."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.kernel.jobs.failures import list_failed
from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.web.failed import TITLES


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield the failed work on which the reader decides."""
    own = (
        Q(person_id=reader.person)
        | Q(organisation_id__in=reader.managed)
        | Q(partnership_id__in=reader.steered)
    )
    columns = {"room": "partnership_id", "kind": "kind"}
    yield Kind(list_failed(reader).filter(own), partial(_tell, reader), columns)


def _tell(reader: Reader, *, pk: int, room: int | None, kind: str) -> Waiting:
    return Waiting(
        key=f"job:{pk}:decide",
        title=str(TITLES.get(kind, kind)),
        text=_("This task stopped before it finished. See why and try again."),
        url=reverse("failed"),
        label=_("View"),
        tone="bad",
        partnership_id=room if room in reader.rooms else None,
    )
