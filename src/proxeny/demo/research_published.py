"""Publication of the demo's studies with both sides' signatures, and a request for data."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from proxeny.demo.in_room import InRoom
from proxeny.kernel.tenancy import SERVICE, Reader, acting_as
from proxeny.partnerships.operations.signing import sign_text
from proxeny.research.models import Package, Publication, Study
from proxeny.research.operations.publishing import ask_publication, prepare_publication
from proxeny.research.operations.requests import Asking, ask_data


def publish(room: InRoom, study: int, told: Mapping[str, Any]) -> None:
    """Put a study before both sides, have it signed by both, and let somebody ask for its data."""
    days = told.get("published")
    if days is None:
        return
    seen = room.act("a", days, _read, study_id=study)
    text = room.act("a", days, ask_publication, study_id=study, seen=seen)
    room.act("b", days + 2, sign_text, agreement_id=text.pk, text_hash=text.text_hash)
    for one in told.get("asked", ()):
        _ask(room, study, one)


def _read(*, actor: Reader, partnership_id: int, study_id: int, now: datetime) -> str:
    """Return the checksum of the text to be published, as its reader sees it."""
    one = Study.objects.select_related("partnership").get(pk=study_id)
    day: date = now.date()
    return prepare_publication(one, today=day).checksum


def _ask(room: InRoom, study: int, one: Mapping[str, Any]) -> None:
    with acting_as(SERVICE):
        publication = Publication.objects.filter(study=study).latest("number")
        asked = Package.objects.filter(study=study, access=Package.Access.REQUEST, dropped_at=None)
        package = asked.order_by("pk").first()
    if package is None:
        return
    with acting_as(SERVICE):
        ask_data(
            publication=publication,
            package_number=package.pk,
            language="en",
            asking=Asking(one["name"], one["organisation"], one["email"], one["purpose"].strip()),
            now=room.world.moment(one["on"], 11),
        )
