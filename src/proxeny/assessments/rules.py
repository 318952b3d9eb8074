"""The actions offered in the consultation service; the database decides what is possible."""

from collections.abc import Iterable

from proxeny.assessments.models import Engagement
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Party

State = Engagement.State

#: Engagements that are worked on, and whose report is still to come.
COMING = (State.CHECKING, State.BRIEF, State.WORKING)
#: Engagements in work: each takes a place of its service.
RUNNING = (*COMING, State.REPORTED)
#: Engagements that the teams have in hand.
OPEN = (State.ASKED, *RUNNING)
#: Those over, whatever came of them.
OVER = (State.CLOSED, State.DECLINED, State.WITHDRAWN)
#: Those whose report is out: the client reads it.
REPORTED = (State.REPORTED, State.HANDED_OVER, State.CLOSED)
#: While the teams note what they find out: from the brief on, until the handover.
NOTED_IN = (State.BRIEF, State.WORKING, State.REPORTED)
#: While remarks are written beside the report: from its first version until it is closed.
REMARKED_IN = (State.REPORTED, State.HANDED_OVER)
#: While they conclude, and recommend.
CONCLUDED_IN = (State.WORKING, State.REPORTED)


def is_team(reader: Reader, engagement: Engagement) -> bool:
    """Whether the reader works in the teams that an engagement belongs to."""
    return engagement.partnership_id in reader.rooms


def is_client(reader: Reader, engagement: Engagement) -> bool:
    """Whether the reader speaks for the company that asked."""
    return engagement.client_id in reader.organisations


def party_of_team(reader: Reader, parties: Iterable[Party]) -> Party | None:
    """Return the party in whose team the reader works: a seat at the cluster itself."""
    return next(
        (
            one
            for one in parties
            if one.organisation_id in reader.organisations and one.state == Party.State.JOINED
        ),
        None,
    )


#: Those whose brief is not signed yet: the client may withdraw, the teams decline.
BEFORE = (State.ASKED, State.CHECKING, State.BRIEF)
#: Those with a plan that is worked on.
PLANNED = (State.WORKING, State.REPORTED, State.HANDED_OVER)


def can_withdraw(reader: Reader, engagement: Engagement) -> bool:
    """Whether the reader may take a request back: people of the company, until it has signed."""
    return is_client(reader, engagement) and engagement.state in BEFORE


def can_change_request(reader: Reader, engagement: Engagement) -> bool:
    """Whether the reader may change a request: people of the company, until it is accepted."""
    return is_client(reader, engagement) and engagement.state == State.ASKED
