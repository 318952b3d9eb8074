"""The quarterly mail of a board: its recipients and its text."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person, Role, Seat
from proxeny.insight.models import DigestChoice
from proxeny.insight.queries.boards import read_board
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.operations import tell
from proxeny.partnerships.models import Party
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.rules import party_joined

#: Takes on a person's eyes for a block.
Reading = Callable[[int], AbstractContextManager[Reader]]


def choose_digest(*, actor: Reader, partnership_id: int, wanted: bool) -> DigestChoice:
    """Note whether a person wants the quarterly mail of a partnership.

    Raises
    ------
    NotFound
        The person is not in that room.
    """
    if partnership_id not in actor.rooms or actor.person is None:
        raise NotFound(_("We couldn’t find this partnership."))
    choice, _made = DigestChoice.objects.update_or_create(
        partnership_id=partnership_id, person_id=actor.person, defaults={"wanted": wanted}
    )
    return choice


def people_of(partnership_id: int, *, today: date) -> list[int]:
    """Return the recipients of the mail: the parties' managers unless they opted out, and everyone
    who opted in.

    Service role only. Whether each of them may still read it is checked when it is written.
    """
    sides = Party.objects.filter(partnership_id=partnership_id, state=Party.State.JOINED)
    seats = Seat.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        organisation__in=sides.values("organisation"),
        role=Role.MANAGER,
        starts_on__lte=today,
    )
    said = dict(
        DigestChoice.objects.filter(partnership_id=partnership_id).values_list(
            "person_id", "wanted"
        )
    )
    asked = {*seats.values_list("person_id", flat=True), *said}
    wanted = [pk for pk in asked if said.get(pk, True)]
    live = Person.objects.filter(pk__in=wanted, erased_at=None)
    return list(live.order_by("pk").values_list("pk", flat=True))


def write_digest(*, person_id: int, partnership_id: int, quarter: str, reading: Reading) -> bool:
    """Write a quarter's mail to a person, limited to what the person may read; at most once.

    Returns
    -------
    bool
        Whether a mail was written; not without a board of that quarter, nor to a person who has
        left the room.
    """
    with reading(person_id) as reader:
        if partnership_id not in reader.rooms:
            return False
        room = get_partnership(partnership_id)
        parties = list(parties_of(room))
        mine = party_joined(reader, parties)
        if mine is None:
            return False
        try:
            board = read_board(room, mine, quarter=quarter)
        except NotFound:
            return False
        if board is None or all(one.value is None for one in board.figures):
            return False
        sections = [
            {
                "label": section.label,
                "figures": [one for one in section.figures if one.value is not None],
            }
            for section in board.sections
        ]
        context = {
            "partnership": room,
            "parties": parties,
            "quarter": quarter,
            "sections": [one for one in sections if one["figures"]],
            "gaps": board.gaps,
            "risks": board.risks,
            "url": _address("insight:board", partnership_id) + f"?quarter={quarter}",
            "base": settings.BASE_URL,
        }
        person = Person.objects.get(pk=person_id)
    with as_service("The job writes the mail itself, not the person through whose eyes it read."):
        return tell(
            person,
            topic="figures",
            key=f"insight.digest:{partnership_id}:{quarter}:{person_id}",
            template="insight/mail/digest",
            says_why=True,
            context={**context, "name": person.name, "action_url": context["url"]},
        )


def _address(name: str, pk: int) -> str:
    return settings.BASE_URL + reverse(name, args=[pk])
