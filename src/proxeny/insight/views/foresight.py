"""The radar that both sides edit, what was found in texts, and each trend."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.insight.foresight_chart import draw_radar
from proxeny.insight.foresight_presenters import (
    SOURCES,
    STATES,
    tell_burst,
    tell_course,
    tell_percent,
    tell_seen,
)
from proxeny.insight.forms.foresight import GRADES, FindTopicsForm, WeighForm
from proxeny.insight.models import Snapshot, Trend
from proxeny.insight.operations import foresight_actions as deeds
from proxeny.insight.queries import foresight as queries
from proxeny.insight.queries.foresight_needs import get_cell
from proxeny.insight.queries.snapshots import find_snapshot
from proxeny.insight.small_charts import draw_bars
from proxeny.insight.views.standing import standing_context
from proxeny.kernel.actions import return_to
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    show_refusal,
    sort_links,
)
from proxeny.partnerships.models import Party
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.sides import say_saved
from proxeny.partnerships.views.frame import Frame, enter_frame


def find_figures(frame: Frame) -> Snapshot | None:
    """Return the figures of the reader's side. One query."""
    if frame.mine is None:
        return None
    return find_snapshot(Snapshot.Kind.FORESIGHT, frame.mine.organisation_id, frame.partnership.pk)


def standing(request: Request, frame: Frame, snapshot: Snapshot | None) -> dict[str, Any]:
    """Return the context on how current a page's figures are; empty for a reader without a side."""
    if frame.mine is None:
        return {}
    return standing_context(
        request.reader, snapshot, frame.mine.organisation_id, frame.partnership.pk, timezone.now()
    )


def joined(frame: Frame) -> list[Party]:
    """Return the parties that take part."""
    return [one for one in frame.parties if one.state == Party.State.JOINED]


@require_GET
@for_people
def show_radar(request: Request, pk: int) -> HttpResponse:
    """Show the radar, and what was found in texts beside it."""
    frame = enter_frame(request, pk)
    parties = joined(frame)
    rows = queries.list_radar(pk, parties)
    snapshot = find_figures(frame)
    content = snapshot.content if snapshot else {}
    form = FindTopicsForm(request.GET)
    wanted = form.wanted()
    found = queries.list_topics(content, queries.taken_topics(rows), wanted)
    if request.GET.get("export"):
        header, lines = topic_table(found, content)
        return answer_table("topics", form=request.GET["export"], header=header, rows=lines)
    page = page_of(found, request)
    context = {
        **frame.context("radar"),
        **standing(request, frame, snapshot),
        "sides": parties,
        "rows": [_radar_row(one, content) for one in rows],
        "radar": draw_radar(rows, parties) if rows else None,
        "grades": list(GRADES),
        "form": form,
        "topics": [_topic_row(one, content) for one in page],
        "count": len(found),
        "has_topics": bool(content.get("topics")),
        "is_narrowed": form.is_narrowed,
        "documents": _documents(content),
        "sorts": sort_links(request, queries.TOPIC_SORTS, now=wanted.sort),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "put_away": list_put_away(("trend",), pk),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "insight/foresight_radar.html", context)


def _radar_row(row: queries.RadarRow, content: Mapping[str, Any]) -> dict[str, Any]:
    figures = queries.figures_of_trend(content, row.trend)
    view = queries.main_figures(figures)
    label, tone = STATES[queries.state_of(view)]
    return {
        "one": row,
        "is_counted": figures is not None,
        "state": label,
        "tone": tone,
        "texts": figures["texts"] if figures else 0,
    }


def _documents(content: Mapping[str, Any]) -> list[tuple[Any, int]]:
    """Return the numbers of texts read, by kind."""
    found = content.get("documents", {})
    return [(label, found[name]) for name, label in SOURCES.items() if found.get(name)]


def _topic_row(one: queries.FoundTopic, content: Mapping[str, Any]) -> dict[str, Any]:
    label, tone = STATES[queries.state_of(one.figures)]
    shown = show_figures(one.figures, content, one.source)
    return {
        "one": one,
        "state": label,
        "tone": tone,
        **shown,
        "seen": tell_seen(one.texts, one.total),
    }


def show_figures(
    figures: Mapping[str, Any], content: Mapping[str, Any], source: str, **size: Any
) -> dict[str, Any]:
    """Return a topic's figures in one kind of text as a page shows them."""
    years, totals = content["years"][source], content["totals"][source]
    return {
        "source": SOURCES[source],
        "texts": figures["texts"],
        "seen": tell_seen(figures["texts"], sum(totals)),
        "course": tell_course(figures),
        "burst": tell_burst(figures),
        # Of one year there is nothing to compare.
        "bars": draw_bars(years, figures["counts"], totals, is_mirrored=get_language_bidi(), **size)
        if len(years) > 1
        else None,
        "years": [
            (year, count, total, tell_percent(100 * count / max(total, 1)))
            for year, count, total in zip(years, figures["counts"], totals, strict=True)
        ],
    }


def topic_table(
    found: Sequence[queries.FoundTopic], content: Mapping[str, Any]
) -> tuple[list[Any], list[list[Any]]]:
    """Return topics with their figures, for a file: a column for each year of any kind of text."""
    years = sorted({year for those in content.get("years", {}).values() for year in those})
    header = [
        _("Topic"),
        _("Texts"),
        _("Out of"),
        pgettext("kind of texts", "Judged by"),
        _("How it’s going"),
        _("Change in its share per year, in percent"),
        _("Range from"),
        _("Range to"),
        _("Share of topics this certain that are due to chance, in percent"),
        *years,
    ]
    return header, [_topic_line(one, content, years) for one in found]


def _topic_line(
    one: queries.FoundTopic, content: Mapping[str, Any], years: Sequence[int]
) -> list[Any]:
    course = one.figures.get("course")
    rates: list[Any] = ["", "", "", ""]
    if course and course["state"] != "too_few":
        rates = [round(100 * (rate - 1), 1) for rate in course["growth"]]
        rates.append(round(100 * course["q"], 2))
    state = str(STATES[queries.state_of(one.figures)][0])
    counts = dict(zip(content["years"][one.source], one.figures["counts"], strict=True))
    return [
        one.label,
        one.texts,
        one.total,
        str(SOURCES[one.source]),
        state,
        *rates,
        *(counts.get(year, "") for year in years),
    ]


@require_POST
@for_people
def take(request: Request, pk: int) -> HttpResponse:
    """Put a topic on the radar; the message offers to take it off again."""
    enter_frame(request, pk)
    try:
        trend = deeds.take_topic(
            actor=request.reader,
            partnership_id=pk,
            key=request.POST.get("topic", "")[:200],
            now=timezone.localtime(),
        )
    except Conflict as error:
        messages.error(request, str(error))
        return return_to(request, reverse("insight:radar", args=[pk]))
    undo = reverse("partnerships:record-drop", args=[pk, "trend", trend.pk])
    text = _("“%(name)s” is on the radar. Rate how much it matters to your members.")
    messages.success(request, text % {"name": trend.title}, extra_tags=f"undo:{undo}")
    return redirect("insight:trend", pk, trend.pk)


@require_GET
@for_people
def show_trend(request: Request, pk: int, trend_id: int) -> HttpResponse:
    """Show a trend: each side's view, its evidence, its figures, and the records behind it."""
    frame = enter_frame(request, pk)
    return _show_trend(request, frame, queries.get_trend(pk, trend_id))


def _show_trend(
    request: Request,
    frame: Frame,
    trend: Trend,
    *,
    form: WeighForm | None = None,
    status: int = 200,
) -> HttpResponse:
    parties = joined(frame)
    said = dict(zip(parties, queries.said_by(trend, parties), strict=True))
    snapshot = find_figures(frame)
    content = snapshot.content if snapshot else {}
    figures = queries.figures_of_trend(content, trend)
    is_live = trend.dropped_at is None
    may_weigh = frame.may_keep and frame.mine in said and is_live
    own = said.get(frame.mine) if frame.mine else None
    context = {
        **frame.context("radar"),
        **standing(request, frame, snapshot),
        "trend": trend,
        "sides": [{"party": party, "view": view} for party, view in said.items()],
        "grades": list(GRADES),
        "form": (form or WeighForm(view=own)) if may_weigh else None,
        "may_edit": frame.may_keep and is_live,
        "evidence": queries.list_evidence(trend),
        "put_away": list_put_away(("trend-evidence",), frame.partnership.pk, {"trend": trend}),
        "is_counted": figures is not None,
        "figures": _all_figures(figures, content),
        "movers": _movers(figures),
        "cell": get_cell(content, trend, now=timezone.now()) if is_live else None,
    }
    return render(request, "insight/foresight_trend.html", context, status=status)


def _all_figures(
    figures: Mapping[str, Any] | None, content: Mapping[str, Any]
) -> list[dict[str, Any]]:
    if figures is None:
        return []
    return [
        show_figures(figures["views"][name], content, name, width=320, height=120, labels=True)
        for name in sorted(figures["views"], key=lambda name: name != figures["main"])
    ]


def _movers(figures: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the organisations that took up a topic early, as far as the reader sees them."""
    found = figures["movers"] if figures else []
    names = queries.name_organisations({number for number, *_rest in found})
    return [
        {"organisation": names.get(number), "year": year, "texts": texts}
        for number, year, texts in found
    ]


@require_POST
@for_people
def weigh(request: Request, pk: int, trend_id: int) -> HttpResponse:
    """Save the reader side's view of a trend; input that could not be saved is shown again."""
    frame = enter_frame(request, pk)
    trend = queries.get_trend(pk, trend_id)
    form = WeighForm(request.POST)
    if form.is_valid():
        try:
            deeds.weigh_trend(
                actor=request.reader,
                partnership_id=pk,
                trend_id=trend_id,
                relevance=form.cleaned_data["relevance"],
                why=form.cleaned_data["why"],
                seen=form.cleaned_data["seen"],
                now=timezone.now(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_saved(pk))
            return redirect("insight:trend", pk, trend_id)
    return _show_trend(request, frame, trend, form=form, status=422)
