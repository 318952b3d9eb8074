"""Decisions that wait for the other clusters, as pages of a round show them."""

from dataclasses import dataclass

from django.contrib import messages
from django.utils.translation import ngettext

from proxeny.kernel.requests import Request
from proxeny.labels.models import Appeal, Decision, Round
from proxeny.labels.queries.decisions import find_proposed, is_open, text_of
from proxeny.labels.views.frame import RoundFrame
from proxeny.partnerships.operations.room import Entered
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.sides import others_in


@dataclass(frozen=True, slots=True)
class Pending:
    """A decision that was proposed and does not hold.

    Attributes
    ----------
    waits : bool
        Whether it can still be confirmed; else `why` says why not.
    is_void : bool
        Whether what it was worked out from has changed since.
    may_confirm, may_close : bool
        Whether the reader's side has to confirm it; whether it can say no, or take it back.
    """

    decision: Decision
    text: SignedText
    waits: bool
    is_void: bool
    may_confirm: bool
    may_close: bool

    @property
    def why(self) -> str:
        """The reason why it was not confirmed."""
        return self.text.agreement.closed_why


def find_pending(
    request: Request, frame: RoundFrame, kind: str, appeal: Appeal | None = None
) -> Pending | None:
    """Return the last proposal of a kind, or on an appeal. Three queries; one without any.

    The caller decides whether it is void, as it knows the input.
    """
    decision = find_proposed(frame.round, kind, appeal)
    text = text_of(decision) if decision else None
    if decision is None or text is None:
        return None
    managed = request.reader.managed
    waits = is_open(text)
    lacks = [one for one in text.signatures if one.sign_off is None]
    may_confirm = any(one.party.organisation_id in managed for one in lacks)
    is_open_here = waits and frame.may_steer
    return Pending(decision, text, waits, False, is_open_here and may_confirm, is_open_here)


def tell_proposed(request: Request, decision: Decision, held: str) -> None:
    """Say that a decision waits for the other clusters, or, where they delegated it, what holds."""
    waits = ngettext(
        "Confirmed for your side. It takes effect once the other side has confirmed it too.",
        "Confirmed for your side. It takes effect once the other sides have confirmed it too.",
        others_in(decision.partnership_id),
    )
    messages.success(request, waits if decision.waits else held)


def entered_of(frame: RoundFrame) -> Entered[Round]:
    """Return the round of a page as operations take it, without its lock."""
    return Entered(frame.round, frame.room.partnership, list(frame.room.parties), None)
