"""What every deed in a study begins with: who acts, and the locked row."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.research.models import Study
from proxeny.research.queries.studies import get_study

#: What is told where somebody saved in between.
CHANGED = gettext_lazy("Somebody changed this in the meantime. Look at it again.")


@dataclass(frozen=True, slots=True)
class Entered:
    """A locked study, its partnership, the parties, and the organisation for which somebody acts."""

    study: Study
    partnership: Partnership
    parties: list[Party]
    organisation_id: int | None


def enter_study(
    actor: Reader, partnership_id: int, study_id: int, *, binding: bool = False,
    version: int | None = None,
) -> Entered:  # fmt: skip
    """Return a study in whose room the actor may write, locked until the transaction ends.

    Parameters
    ----------
    binding : bool
        Whether only managers may.
    version : int, optional
        The version that the actor has seen.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor may not write there; the partnership is over, the study is put away or
        changed since.
    """
    partnership, parties = enter(actor, partnership_id, binding=binding)
    get_study(partnership_id, study_id)
    study = Study.objects.select_for_update().get(pk=study_id)
    refuse_away(study)
    if version is not None and study.version != version:
        raise Conflict(CHANGED)
    return Entered(study, partnership, parties, own_side(actor, parties))


def refuse_away(study: Study) -> None:
    """Refuse to write in a study that is put away."""
    if study.dropped_at is not None:
        raise Conflict(_("This study was put away. Bring it back first."))


def note(
    actor: Reader, verb: str, entered: Entered, target: Any = None, *,
    changes: dict[str, Any] | None = None, why: str = "",
) -> None:  # fmt: skip
    """Write an audit row of a deed in a study, about the study or something of it."""
    audit.record(
        actor, verb, target if target is not None else entered.study,
        organisation_id=entered.organisation_id, partnership_id=entered.partnership.pk,
        changes=changes, why=why,
    )  # fmt: skip
