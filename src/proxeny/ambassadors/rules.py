"""Rules on what the desk offers; the database decides what is possible."""

from collections.abc import Iterable
from datetime import date

from proxeny.ambassadors.models import Introduction, Mandate, Side
from proxeny.folding import fold
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Party

State = Introduction.State
#: States in which a case still asks for something.
OPEN = (State.NOTED, State.ASKING, State.FINDING, State.BOOKED)
#: States in which a time can be proposed.
TIMED = (State.FINDING, State.BOOKED)
#: So many times can be proposed at once.
MOST_TIMES = 8


def party_of_team(reader: Reader, parties: Iterable[Party]) -> Party | None:
    """Return the party in which the reader holds a seat, or None."""
    return next((one for one in parties if one.organisation_id in reader.organisations), None)


def can_write_mandate(reader: Reader, mandate: Mandate) -> bool:
    """Whether the reader may change a mandate: people of the member, until it is over."""
    return mandate.member_id in reader.organisations and mandate.state not in (
        Mandate.State.DECLINED,
        Mandate.State.WITHDRAWN,
    )


def can_answer_mandate(reader: Reader, mandate: Mandate) -> bool:
    """Whether the reader may answer a mandate for the desk."""
    return mandate.cluster_id in reader.desks and mandate.state != Mandate.State.WITHDRAWN


def holds(mandate: Mandate, today: date) -> bool:
    """Whether a mandate is in force today."""
    return mandate.state == Mandate.State.ACCEPTED and mandate.until >= today


def is_no_go(mandates: Iterable[Mandate], name: str) -> bool:
    """Whether one of these mandates names an organisation among those not to approach.

    A line of the list counts if it is the organisation's name, or the beginning of it, by words;
    case, accents and spellings aside.
    """
    wanted = f"{fold(name)} "
    lines = (fold(line) for one in mandates for line in one.no_go.splitlines())
    return any(line and wanted.startswith(f"{line} ") for line in lines)


def side_of(reader: Reader, sides: Iterable[Side]) -> Side | None:
    """Return the reader's side: as the person asked, or by organisation."""
    own = [one for one in sides if one.organisation_id in reader.organisations]
    named = [one for one in own if one.person_id == reader.person]
    return next(iter(named or own), None)


def may_read_address(reader: Reader, side: Side) -> bool:
    """Whether the reader is shown the address that the desk keeps of a contact.

    Without the contact's consent, only the person who recorded the address sees it.
    """
    return side.person_id is not None or bool(side.may_pass_on) or side.kept_by_id == reader.person


def may_pass_on(side: Side) -> bool:
    """Whether name and address go to the next ambassador: with a sign-in, or by consent.

    Without either, not even the person who recorded them passes them on in print.
    """
    return side.person_id is not None or bool(side.may_pass_on)
