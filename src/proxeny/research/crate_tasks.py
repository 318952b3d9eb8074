"""Jobs for studies from elsewhere: checking an archive, and unpacking it once accepted.

Bytes are read outside any transaction; what is kept of them and the job's own end are one.
"""

from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import person_behind
from proxeny.engine.package import Refused
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.research.messages import tell_all
from proxeny.research.models import Arrival
from proxeny.research.operations import arriving, checking_in, taking
from proxeny.research.operations.unreferenced_bytes import drop_unused, space_of
from proxeny.research.queries.arrivals import CHECK, TAKE


@job(CHECK)
def check_arrival(context: JobContext) -> dict[str, Any]:
    """Look into an archive: what is in it, and all that is wrong with it."""
    arrival_id = context.arguments["arrival_id"]
    with acting_as(SERVICE):
        one = Arrival.objects.filter(pk=arrival_id, state=Arrival.State.CHECKING).first()
        if one is None:
            return {"gone": True}
    context.report(step="unpack", percent=10, force=True)

    def report(done: int, of: int) -> bool:
        context.report(step="look", percent=40 + 55 * done // max(1, of))
        return not context.should_stop()

    with acting_as(SERVICE):
        limit = space_of(one.partnership_id, besides=one.pk)
    checked = checking_in.check_archive(one.sha256, limit, report=report)
    if checked is None:
        return {}
    with acting_as(SERVICE):
        kept = arriving.keep_checked(arrival_id=arrival_id, checked=checked)
        result = {"state": str(kept.state) if kept else "gone"}
        context.finish(result)
    return result


@job(TAKE)
def take_arrival(context: JobContext) -> dict[str, Any]:
    """Unpack an archive into the store and create a study from it, as the person who took it."""
    arrival_id = context.arguments["arrival_id"]
    with person_behind(context) as reader:
        with acting_as(SERVICE):
            one = Arrival.objects.filter(pk=arrival_id, state=Arrival.State.SHOWN).first()
            limit = space_of(one.partnership_id, besides=one.pk) if one else 0
        if one is None:
            return {"gone": True}
        context.report(step="unpack", percent=10, force=True)
        kept: list[taking.Kept] = []
        try:
            taking.keep_files(one.sha256, limit, kept)
            context.report(step="keep", percent=90, force=True)
            with acting_as(WEB, reader):
                study = taking.take_arrival(
                    actor=reader,
                    partnership_id=one.partnership_id,
                    arrival_id=arrival_id,
                    kept=kept,
                    now=timezone.now(),
                )
                result = {"study_id": study.pk}
                context.finish(result)
        except Refused as refused:
            raise InvalidInput(tell_all(refused.problems)) from refused
        except Exception:
            with acting_as(SERVICE):
                for file in kept:
                    drop_unused(file.sha256)
            raise
    return result
