"""Schemas shared by the routes of the desk and those of members."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Mandate
from proxeny.kernel.api import In, Named, Out, show_version
from proxeny.kernel.api.times import Moment

MandateState = Literal[*Mandate.State.values]


class ProposedTimeIn(In):
    """A time. Without an end, it lasts as long as the introduction says."""

    starts_at: Moment
    ends_at: Moment | None = None
    note: Annotated[str, Field(max_length=300)] = ""


class MandateOut(Out):
    """What a member asks of its cluster's ambassador. `answer` is the desk's comment on the state.

    `holds` is true if the mandate is in force today: the ambassador then acts under it and may say
    yes for the member.
    """

    id: int
    partnership_id: int
    cluster_id: int
    member: Named
    seeks: str
    material: str
    material_url: str
    no_go: str
    until: date
    state: MandateState
    answer: str
    holds: bool
    asked_by_id: int | None
    answered_by_id: int | None
    asked_at: datetime
    answered_at: datetime | None
    version: int

    @staticmethod
    def resolve_holds(mandate: Mandate) -> bool:
        """Whether it is in force today."""
        return rules.holds(mandate, timezone.localdate())


def show_mandate(response: HttpResponse, mandate: Mandate) -> Mandate:
    """Return a mandate with its ETag."""
    show_version(response, mandate.version)
    return mandate
