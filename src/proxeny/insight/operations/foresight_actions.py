"""Weighing a trend, and adding a found topic to the radar."""

from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Term
from proxeny.insight.foresight_presenters import tell_shared
from proxeny.insight.models import Snapshot, Trend, TrendView
from proxeny.insight.queries.foresight import find_topic, get_trend
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.records import add_record
from proxeny.partnerships.operations.room import enter, own_side

#: How long a `why` is at most.
MOST_WHY = TrendView._meta.get_field("why").max_length or 0
_TITLE = Trend._meta.get_field("title").max_length
_WORDS = Trend._meta.get_field("words").max_length


@transaction.atomic
def weigh_trend(
    *,
    actor: Reader,
    partnership_id: int,
    trend_id: int,
    relevance: int,
    why: str = "",
    seen: str | None,
    now: datetime,
) -> TrendView:
    """Set the weight of a trend for the members of the actor's side; the same weight changes
    nothing.

    Parameters
    ----------
    relevance : int
        From 1, hardly, to 5, very much.
    why : str
        At most `MOST_WHY` letters; both sides read it.
    seen : str or None
        The mark of what the side said before, as it was read (`mark_of`); empty where it had said
        nothing; None to write over it whatever it is.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the trend, or may not write in its room.
    InvalidInput
        The number or the words do not fit.
    Conflict
        The room has ended, the trend was taken off, or somebody of the side said something since.
    """
    partnership, parties = enter(actor, partnership_id)
    side = own_side(actor, parties)
    if side is None:
        raise NotAllowed(_("Each side rates for itself how much a trend matters to its members."))
    # Two of one side that say something at once wait for each other here.
    trend = Trend.objects.select_for_update().get(pk=get_trend(partnership_id, trend_id).pk)
    if trend.dropped_at is not None:
        raise Conflict(_("This trend was removed from the radar. Restore it first."))
    why = _checked(relevance, why)
    before = TrendView.objects.filter(trend=trend, organisation_id=side).first()
    if seen is not None and seen != mark_of(before):
        raise Conflict(
            _(
                "Someone on your team has changed this since you opened it. Check the latest "
                "version first."
            )
        )
    if before is not None and (before.relevance, before.why) == (relevance, why):
        return before
    view = before or TrendView(partnership=partnership, trend=trend, organisation_id=side)
    was = [before.relevance, before.why] if before else [None, ""]
    view.relevance, view.why, view.person_id, view.said_at = relevance, why, actor.person, now
    view.save()
    changes: dict[str, Any] = {"title": trend.title, "relevance": [was[0], relevance]}
    if was[1] != why:
        changes["why"] = [was[1], why]
    audit.record(
        actor,
        "weigh_trend",
        trend,
        organisation_id=side,
        partnership_id=partnership.pk,
        changes=changes,
    )
    return view


def mark_of(view: TrendView | None) -> str:
    """Return a mark of a side's view, for detecting changes; empty without a view."""
    return view.said_at.isoformat() if view else ""


def _checked(relevance: int, why: str) -> str:
    if relevance not in range(1, 6):
        raise InvalidInput(_("Choose a number from 1 to 5."), field="relevance")
    why = " ".join(why.split())
    if len(why) > MOST_WHY:
        raise InvalidInput(_("Use at most %(most)d characters.") % {"most": MOST_WHY}, field="why")
    return why


@transaction.atomic
def take_topic(*, actor: Reader, partnership_id: int, key: str, now: datetime) -> Trend:
    """Put a topic that was found in texts on the radar, with its figures as the first evidence.

    The evidence tells of calls and projects alone, as far as the actor's side reads them: texts of
    public registers, and never of needs and offers.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not take part in the room; there is no such topic among the figures of the
        actor's side.
    Conflict
        The room has ended, or the topic is on the radar already.
    """
    _partnership, parties = enter(actor, partnership_id)
    side = own_side(actor, parties)
    snapshot = side and Snapshot.objects.at(Snapshot.Kind.FORESIGHT, side, partnership_id).first()
    topic = find_topic(snapshot.content, key) if snapshot else None
    if not snapshot or topic is None:
        raise NotFound(_("We couldn’t find this topic among your side’s figures."))
    on_radar = Trend.objects.filter(partnership_id=partnership_id, topic=key, dropped_at=None)
    if there := on_radar.first():
        raise Conflict(_("“%(name)s” is already on the radar.") % {"name": there.title})
    title, words = _name(topic)
    added = add_record(
        actor=actor,
        kind="trend",
        partnership_id=partnership_id,
        values={"title": title, "words": words, "topic": key},
        now=now,
    )
    trend = cast("Trend", added)
    told, note = tell_shared(topic["views"], snapshot.content["totals"])
    add_record(
        actor=actor,
        kind="trend-evidence",
        partnership_id=partnership_id,
        values={
            "trend": trend.pk,
            "title": told,
            "note": note,
            "said_on": snapshot.computed_at.date(),
        },
        now=now,
    )
    return trend


def _name(topic: dict[str, Any]) -> tuple[str, str]:
    """Return a title for a topic and the words by which it is found: of a concept, in all languages."""
    label = str(topic["label"])
    labels = [label]
    if topic["concept"]:
        terms = Term.objects.filter(scheme=Term.Scheme.EUROSCIVOC, code=topic["concept"])
        labels += terms.order_by("language").values_list("label", flat=True)
    words = ""
    # A comma ends a phrase: a label that has one would be found by each of its halves.
    for one in dict.fromkeys(one for one in labels if "," not in one):
        longer = f"{words}, {one}" if words else one
        words = longer if len(longer) <= (_WORDS or 0) else words
    return (label[:1].upper() + label[1:])[:_TITLE], words
