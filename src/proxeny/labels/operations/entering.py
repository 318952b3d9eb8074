"""What every deed with a label begins with: who acts, the locked row, and the note of it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Round, Scheme
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.queries.schemes import get_scheme
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import enter, own_side

#: What is told where somebody saved in between.
CHANGED = gettext_lazy("Somebody changed this in the meantime. Look at it again.")
MOVED_ON = gettext_lazy("This cannot be done any more: the round has moved on. Look at it again.")


@dataclass(frozen=True, slots=True)
class InScheme:
    """A locked scheme, its partnership, the parties, and for whom somebody acts."""

    scheme: Scheme
    partnership: Partnership
    parties: list[Party]
    organisation_id: int | None


@dataclass(frozen=True, slots=True)
class InRound:
    """A locked round, its partnership, the parties, and for whom somebody acts."""

    round: Round
    partnership: Partnership
    parties: list[Party]
    organisation_id: int | None


def enter_scheme(
    actor: Reader, partnership_id: int, scheme_id: int, *, binding: bool = False
) -> InScheme:
    """Return a scheme in whose room the actor may write, locked until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor may not write there; with `binding`, only managers may; the partnership
        is over, or the label is put away.
    """
    partnership, parties = enter(actor, partnership_id, binding=binding)
    get_scheme(partnership_id, scheme_id)
    scheme = Scheme.objects.select_for_update().get(pk=scheme_id)
    if scheme.dropped_at is not None:
        raise Conflict(_("This label was put away. Bring it back first."))
    return InScheme(scheme, partnership, parties, own_side(actor, parties))


def enter_round(
    actor: Reader, partnership_id: int, round_id: int, *states: str, version: int | None = None
) -> InRound:
    """Return a round that the actor steers, locked until the transaction ends: managers alone.

    Parameters
    ----------
    states : str
        Where it must stand; anywhere if none is given.
    version : int, optional
        The version that the actor has seen.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; no manager; the partnership is over, the round is put away, stands elsewhere or
        was changed since.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    get_round(partnership_id, round_id)
    found = Round.objects.select_for_update(of=("self",))
    held = found.select_related("scheme", "scheme_version").get(pk=round_id)
    if held.dropped_at is not None:
        raise Conflict(_("This round was put away. Bring it back first."))
    if states and held.state not in states:
        raise Conflict(MOVED_ON)
    if version is not None and held.version != version:
        raise Conflict(CHANGED)
    return InRound(held, partnership, parties, own_side(actor, parties))


def lock_round(round_id: int) -> Round:
    """Return a round, locked against its moving on; whoever asks has looked at what they may.

    Whoever hands in waits for whoever hands in at the same moment: each gets a number of its own.
    """
    with as_service():
        found = Round.objects.select_for_update(of=("self",), no_key=True)
        return found.select_related("scheme", "scheme_version").get(pk=round_id)


def note(
    actor: Reader, verb: str, target: Any, *, partnership_id: int | None,
    organisation_id: int | None, changes: dict[str, Any] | None = None, why: str = "",
) -> None:  # fmt: skip
    """Write an audit row of a deed with a label, about the row that it was done to."""
    audit.record(
        actor, verb, target, organisation_id=organisation_id, partnership_id=partnership_id,
        changes=changes, why=why,
    )  # fmt: skip
