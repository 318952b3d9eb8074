"""Guards of the actions in a study: the acting side and the locked row."""

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import Entered, enter_record
from proxeny.research.models import Study
from proxeny.research.queries.studies import get_study


def enter_study(
    actor: Reader,
    partnership_id: int,
    study_id: int,
    *,
    binding: bool = False,
    version: int | None = None,
) -> Entered[Study]:
    """Return a study in whose room the actor may write, locked until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_record`; the study is archived.
    """
    return enter_record(
        actor,
        Study.objects.all(),
        partnership_id,
        study_id,
        see=get_study,
        expect=refuse_away,
        binding=binding,
        version=version,
    )


def refuse_away(study: Study) -> None:
    """Refuse to write in an archived study."""
    if study.dropped_at is not None:
        raise Conflict(_("This study is archived. Restore it first."))
