"""Guards of the actions on labels: the actor, the locked row, and the audit row."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Round, Scheme
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.queries.schemes import get_scheme
from proxeny.partnerships.operations.room import Entered, enter_record

MOVED_ON = gettext_lazy(
    "This is no longer possible: the round has moved on. Check the latest version."
)


def enter_scheme(
    actor: Reader, partnership_id: int, scheme_id: int, *, binding: bool = False
) -> Entered[Scheme]:
    """Return a scheme in whose room the actor may write, locked until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_record`; the label is archived.
    """

    def expect(scheme: Scheme) -> None:
        if scheme.dropped_at is not None:
            raise Conflict(_("This label is archived. Restore it first."))

    return enter_record(
        actor,
        Scheme.objects.all(),
        partnership_id,
        scheme_id,
        see=get_scheme,
        expect=expect,
        binding=binding,
    )


def enter_round(
    actor: Reader, partnership_id: int, round_id: int, *states: str, version: int | None = None
) -> Entered[Round]:
    """Return a round that the actor manages, locked until the transaction ends: managers alone.

    Parameters
    ----------
    states : str
        The accepted states; any if none is given.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_record`; the round is archived or in another state.
    """

    def expect(held: Round) -> None:
        if held.dropped_at is not None:
            raise Conflict(_("This round is archived. Restore it first."))
        if states and held.state not in states:
            raise Conflict(MOVED_ON)

    return enter_record(
        actor,
        Round.objects.select_related("scheme", "scheme_version"),
        partnership_id,
        round_id,
        see=get_round,
        expect=expect,
        binding=True,
        version=version,
    )


def lock_round(round_id: int) -> Round:
    """Return a round, locked against state changes; the caller has checked the access.

    Simultaneous submissions wait for each other: each gets a number of its own.
    """
    with as_service("Applicants and jurors lock the round, although only managers may write it."):
        found = Round.objects.select_for_update(of=("self",), no_key=True)
        return found.select_related("scheme", "scheme_version").get(pk=round_id)
