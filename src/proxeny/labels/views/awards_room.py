"""Awards for their issuers: of a round, of a label, and one with its actions."""

from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.directory.countries import country_name
from proxeny.kernel.actions import submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    sort_links,
)
from proxeny.labels.forms.awards import (
    STATE_NAMES,
    FindAwardsForm,
    PutForm,
    RenameForm,
    RevokeForm,
)
from proxeny.labels.models import Award, Round
from proxeny.labels.operations import awarding
from proxeny.labels.operations.issuing import award_url, read_signatures
from proxeny.labels.operations.renaming import rename_award
from proxeny.labels.operations.revoking import ask_revocation
from proxeny.labels.queries import awards as queries
from proxeny.labels.secret_codes import make_code
from proxeny.labels.views.frame import (
    RoundFrame,
    SchemeFrame,
    enter_round,
    enter_scheme,
    show_round_tab,
    show_scheme_tab,
)
from proxeny.partnerships.models import Agreement

Kind = Agreement.Kind


def row_of(award: Award, levels: dict[str, str], now: datetime) -> dict[str, Any]:
    """Return a list's row of an award."""
    label, tone = STATE_NAMES[queries.state_of(award, now)]
    return {
        "one": award,
        "level": levels.get(award.level, ""),
        "state": label,
        "tone": tone,
        "country": country_name(award.country),
    }


@require_GET
@for_people
def show_round(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Show the planned, the waiting and the issued awards of a round."""
    return _show_round(request, enter_round(request, pk, round_id, to_steer=True))


def _show_round(
    request: Request, frame: RoundFrame, *, form: PutForm | None = None, status: int = 200
) -> HttpResponse:
    held, now = frame.round, timezone.localtime()
    if held.state != Round.State.DECIDED or awarding.has_conflict(request.reader, held):
        context: dict[str, Any] = {"is_decided": held.state == Round.State.DECIDED}
        return show_round_tab(
            request, frame, "round-awards", "awards/round", context, status=status
        )
    prepared = awarding.prepare_awards(held, frame.room.parties)
    levels = queries.level_names(held.scheme)
    decision = queries.newest_decision(held)
    waiting = list(queries.waiting_of_round(held))
    number = str(waiting[0].decision_id) if waiting else str(decision.pk if decision else "")
    text = queries.newest_text(frame.room.partnership, Kind.AWARD, number)
    is_open = frame.may_steer and bool(prepared.candidates) and not waiting
    context = {
        "is_decided": True,
        "may_look": True,
        "prepared": prepared,
        "candidates": [(one, levels.get(one.level, "")) for one in prepared.candidates],
        "fee": prepared.text.fee_award,
        "currency": prepared.text.currency,
        "months": prepared.text.valid_months,
        "waiting": [row_of(one, levels, now) for one in waiting],
        "text": text if waiting else None,
        "refused": text.agreement if text and text.agreement.closed_at and not waiting else None,
        "issued": [row_of(one, levels, now) for one in queries.issued_of_round(held)],
        "form": form or (PutForm(initial={"seen": prepared.fingerprint}) if is_open else None),
        "own": frame.room.mine,
    }
    return show_round_tab(request, frame, "round-awards", "awards/round", context, status=status)


@require_POST
@for_people
def put(request: Request, pk: int, round_id: int) -> HttpResponse:
    """Put the awards of a round before all sides."""
    frame = enter_round(request, pk, round_id, to_steer=True)
    form = PutForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(awarding.put_awards, partnership_id=pk, round_id=round_id, make_code=make_code),
        values=form.to_values,
        done=_("Signed for your side. The other side has been asked to sign."),
        to=reverse("labels:round-awards", args=[pk, round_id]),
    )
    return saved or _show_round(request, frame, form=form, status=422)


@require_GET
@for_people
def show_list(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show the awards of a label, to search, narrow and sort."""
    frame = enter_scheme(request, pk, scheme_id)
    form, wanted, levels = _wanted(request, frame)
    now = timezone.localtime()
    page = page_of(queries.find_awards(frame.scheme, wanted, now), request)
    context = {
        "form": form,
        "rows": [row_of(one, levels, now) for one in page],
        "count": page.paginator.count,
        "is_narrowed": wanted.is_narrowed,
        "sorts": sort_links(request, queries.SORTS, now=wanted.sort),
        "csv_url": f"export/{address_with(request, form='csv', page=None)}",
        "xlsx_url": f"export/{address_with(request, form='xlsx', page=None)}",
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_scheme_tab(request, frame, "awards", "awards/list", context)


def _wanted(
    request: Request, frame: SchemeFrame
) -> tuple[FindAwardsForm, queries.Wanted, dict[str, str]]:
    levels = queries.level_names(frame.scheme)
    used, countries, years = queries.offered(frame.scheme)
    form = FindAwardsForm(
        request.GET,
        levels=[(one, levels.get(one, one)) for one in used],
        countries=countries,
        years=years,
    )
    return form, form.wanted(request.GET.get("sort", "")), levels


@require_GET
@for_people
def export(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Give the list as a file, narrowed as it is shown."""
    frame = enter_scheme(request, pk, scheme_id)
    _form, wanted, levels = _wanted(request, frame)
    now = timezone.localtime()
    header = [
        _("Project"),
        _("Holder"),
        _("Country"),
        _("Level"),
        _("Valid from"),
        _("Expires on"),
        _("State"),
        _("Reason"),
        _("Address"),
    ]
    rows = (
        [
            one.title,
            one.holder,
            one.country,
            levels.get(one.level, ""),
            timezone.localtime(one.valid_from).date(),
            timezone.localtime(one.valid_until).date(),
            STATE_NAMES[queries.state_of(one, now)][0],
            one.revoked_why,
            award_url(one.code),
        ]
        for one in queries.find_awards(frame.scheme, wanted, now)
    )
    return answer_table(
        f"awards-{frame.scheme.slug}", form=request.GET.get("form", ""), header=header, rows=rows
    )


@require_GET
@for_people
def show(request: Request, pk: int, scheme_id: int, award_id: int) -> HttpResponse:
    """Show one award: its state, its signatures, and the available actions."""
    return _show(request, enter_scheme(request, pk, scheme_id), award_id)


def _show(
    request: Request,
    frame: SchemeFrame,
    award_id: int,
    *,
    forms: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    partnership, now = frame.room.partnership, timezone.localtime()
    award = queries.get_award(partnership.pk, award_id, scheme_id=frame.scheme.pk)
    levels = queries.level_names(frame.scheme)
    state = queries.state_of(award, now)
    follower = getattr(award, "replaced_by", None)
    revoking = queries.newest_text(partnership, Kind.REVOKE, str(award.pk))
    is_revoking = queries.is_waiting(revoking)
    names = {one.organisation_id: one.organisation.name for one in frame.room.parties}
    may_act = (
        frame.may_steer
        and state in ("valid", "to-come")
        and not is_revoking
        and (follower is None or follower.why != Award.Why.NAME)
    )
    offered = {"revoke_form": RevokeForm(), "rename_form": RenameForm()} if may_act else {}
    context = {
        **row_of(award, levels, now),
        "award": award,
        "follower": follower,
        "signatures": [
            {"one": one, "name": names.get(one.organisation_id, "")}
            for one in read_signatures(award.credential)
        ],
        "url": award_url(award.code),
        "text": revoking if is_revoking else None,
        "renaming": _renaming(partnership, follower),
        "is_waiting": state == "waiting",
        **offered,
        **(forms or {}),
    }
    return show_scheme_tab(request, frame, "awards", "awards/award", context, status=status)


def _renaming(partnership: Any, follower: Award | None) -> Any:
    if follower is None or follower.issued_at or follower.why != Award.Why.NAME:
        return None
    return queries.newest_text(partnership, Kind.AWARD, f"name-{follower.pk}")


@require_POST
@for_people
def revoke(request: Request, pk: int, scheme_id: int, award_id: int) -> HttpResponse:
    """Ask all sides to revoke an award."""
    frame = _steering(request, pk, scheme_id)
    form = RevokeForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(ask_revocation, partnership_id=pk, award_id=award_id),
        done=_("Signed for your side. The other side has been asked to sign."),
        to=reverse("labels:award-room", args=[pk, scheme_id, award_id]),
    )
    return saved or _show(request, frame, award_id, forms={"revoke_form": form}, status=422)


@require_POST
@for_people
def rename(request: Request, pk: int, scheme_id: int, award_id: int) -> HttpResponse:
    """Put an award in another name before all sides."""
    frame = _steering(request, pk, scheme_id)
    form = RenameForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(rename_award, partnership_id=pk, award_id=award_id, make_code=make_code),
        done=_("Signed for your side. The other side has been asked to sign."),
        to=reverse("labels:award-room", args=[pk, scheme_id, award_id]),
    )
    return saved or _show(request, frame, award_id, forms={"rename_form": form}, status=422)


def _steering(request: Request, pk: int, scheme_id: int) -> SchemeFrame:
    frame = enter_scheme(request, pk, scheme_id)
    if not frame.room.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    return frame
