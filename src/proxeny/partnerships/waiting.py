"""Pending items of a reader in partnerships: signatures, decisions, answers, and what is due."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.kinds import Batch, Kind, day_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.partnerships import queries, texts
from proxeny.partnerships.advice_queries import without_answered
from proxeny.partnerships.models import (
    Agreement,
    Favour,
    HealthAnswer,
    HealthReview,
    IntroductionPlan,
    Partnership,
    Party,
    Placement,
    ProposedIntroduction,
    Recommendation,
    SignOff,
)
from proxeny.partnerships.operations.reminders import EVERY, TITLES, find_due
from proxeny.partnerships.rules import FOR_PARTIES

ACTIVE = Partnership.State.ACTIVE
#: Sharing that ends within so many days.
ENDING = timedelta(days=30)
_ROOM = {"room": "partnership_id"}


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield what waits in partnerships. Queries only to name what is signed."""
    if reader.managed:
        columns = {**_ROOM, "title": "partnership__title", "kind": "kind", "subject": "subject"}
        yield Batch(find_to_sign(reader), _tell_signatures, columns, most=None)
    if reader.rooms:
        yield _favours(reader)
        yield _reviews(reader)
        yield from _due(reader, now)
    if reader.managed:
        yield _sharing(reader, now)
    if reader.steered:
        yield _decisions(reader)
        yield _stays(reader)
        yield _introductions(reader)


def _tell_signatures(rows: Sequence[dict[str, Any]]) -> Iterator[Waiting]:
    asked = [Agreement(pk=one["pk"], kind=one["kind"], subject=one["subject"]) for one in rows]
    names = texts.names_of(one for one in asked if one.kind != Agreement.Kind.TEXT)
    for one in rows:
        pk, room = one["pk"], one["room"]
        is_main = pk not in names
        yield Waiting(
            key=f"agreement:{pk}:sign",
            title=one["title"],
            text=_("The agreement is waiting for your side’s signature.")
            if is_main
            else _("Your side’s signature: %(name)s.") % {"name": names[pk]},
            url=reverse("partnerships:detail", args=[room])
            if is_main
            else reverse("partnerships:text", args=[room, pk]),
            label=_("Read and sign"),
            tone="warn",
            partnership_id=room,
        )


def find_to_sign(reader: Reader) -> QuerySet[Agreement]:
    """Return the texts that wait for the signature of a side that the reader manages.

    Letters and bids are signed by partners, briefs and recommendations where they are read.
    """
    kind = Agreement.Kind
    signed = SignOff.objects.filter(agreement=OuterRef(OuterRef("pk")), party=OuterRef("pk"))
    sides = Party.objects.filter(
        ~Exists(signed), partnership=OuterRef("partnership"), organisation_id__in=reader.managed
    )
    joined = sides.filter(state=Party.State.JOINED)
    joins = sides.alias(number=Cast("pk", CharField())).filter(
        state=Party.State.INVITED, number=OuterRef("subject")
    )
    newest = Agreement.objects.filter(partnership=OuterRef("partnership"), kind=kind.TEXT)
    main = Q(
        kind=kind.TEXT,
        partnership__state__in=(Partnership.State.PROPOSED, ACTIVE),
        pk=Subquery(newest.order_by("-number").values("pk")[:1]),
    )
    others = ~Q(kind__in=(kind.TEXT, kind.BRIEF, kind.LETTER, kind.BID, kind.ADVICE))
    asked = others & Q(completed_at=None, closed_at=None, partnership__state=ACTIVE)
    return Agreement.objects.filter(
        main | asked, Exists(joined) | Q(Exists(joins), kind=kind.JOINING)
    ).order_by("pk")


def find_next_to_sign(reader: Reader, partnership_id: int) -> int | None:
    """Return the next text of a room, besides its agreement, that waits for the reader's side."""
    found = find_to_sign(reader).filter(partnership_id=partnership_id)
    return found.exclude(kind=Agreement.Kind.TEXT).values_list("pk", flat=True).first()


def find_to_decide(reader: Reader) -> QuerySet[Recommendation]:
    """Return the recommendations that wait for the reader's side, in all rooms (`rules.can_decide`)."""
    own = Q(party__organisation__in=reader.managed, party__state=Party.State.JOINED)
    found = Recommendation.objects.filter(
        FOR_PARTIES,
        Q(party=None) | own,
        partnership_id__in=reader.steered,
        partnership__state=ACTIVE,
        dropped_at=None,
        state=Recommendation.State.PROPOSED,
    )
    return without_answered(found, reader)


def find_to_agree(reader: Reader) -> QuerySet[Placement]:
    """Return the stays that wait for the reader's yes, in all rooms (`rules.can_agree_placement`)."""
    asked = Q()
    for side, other in (("sender", "host"), ("host", "sender")):
        own = {f"{side}__organisation__in": reader.managed, f"{side}__state": Party.State.JOINED}
        asked |= Q(**own, proposed_by=F(other))
    return Placement.objects.filter(
        asked,
        partnership_id__in=reader.steered,
        partnership__state=ACTIVE,
        dropped_at=None,
        agreed_at=None,
        closed_on=None,
    )


def _decisions(reader: Reader) -> Kind[Waiting]:
    def tell(pk: int, room: int, title: str) -> Waiting:
        return Waiting(
            key=f"recommendation:{pk}:decide",
            title=title,
            text=_("This recommendation is waiting for your side’s decision."),
            url=reverse("partnerships:recommendation", args=[room, pk]),
            label=_("Decide"),
            tone="warn",
            partnership_id=room,
        )

    return Kind(find_to_decide(reader).order_by("pk"), tell, {**_ROOM, "title": "title"})


def _stays(reader: Reader) -> Kind[Waiting]:
    def tell(pk: int, room: int, title: str, starts: str) -> Waiting:
        return Waiting(
            key=f"placement:{pk}:agree",
            title=title,
            text=_("This stay or visit is waiting for your side’s agreement."),
            url=f"{reverse('partnerships:placements', args=[room])}#placement-{pk}",
            label=_("Read and agree"),
            tone="warn",
            due=day_of(starts),
            partnership_id=room,
        )

    columns = {**_ROOM, "title": "place", "starts": "starts_on"}
    return Kind(find_to_agree(reader).order_by("starts_on", "pk"), tell, columns)


def _favours(reader: Reader) -> Kind[Waiting]:
    def tell(pk: int, room: int, title: str) -> Waiting:
        return Waiting(
            key=f"favour:{pk}:confirm",
            title=title,
            text=_("The other side recorded this contribution. Is it correct?"),
            url=f"{reverse('partnerships:exchange', args=[room])}#favour-{pk}",
            label=_("Confirm"),
            partnership_id=room,
        )

    own = reader.organisations
    found = Favour.objects.filter(
        Q(giver__organisation__in=own) | Q(receiver__organisation__in=own),
        partnership_id__in=reader.rooms,
        partnership__state=ACTIVE,
        dropped_at=None,
        confirmed_at=None,
        contested_at=None,
    ).exclude(noted_by_id__in=own)
    return Kind(found.order_by("happened_on", "pk"), tell, {**_ROOM, "title": "what"})


def _reviews(reader: Reader) -> Kind[Waiting]:
    sides = Party.objects.filter(partnership=OuterRef("partnership"), state=Party.State.JOINED)
    found = HealthReview.objects.filter(
        partnership_id__in=reader.rooms, partnership__state=ACTIVE, shown_at=None
    )
    columns = {
        **_ROOM,
        "title": "partnership__title",
        "answered": "answered",
        "sides": ArraySubquery(sides.values("pk")),
        # Before a review is shown, a reader sees their own answers alone.
        "is_answered": Exists(HealthAnswer.objects.filter(review=OuterRef("pk"))),
    }
    return Kind(found.order_by("pk"), partial(_tell_review, reader), columns)


def _tell_review(
    reader: Reader,
    *,
    pk: int,
    room: int,
    title: str,
    answered: dict[str, int],
    sides: list[int],
    is_answered: bool,
) -> Waiting | None:
    if not is_answered:
        text = _(
            "How is the partnership doing? It takes ten minutes, and no one sees your "
            "answers until both sides have given theirs."
        )
        url = reverse("partnerships:review-answer", args=[room, pk])
        return Waiting(f"review:{pk}:answer", title, text, url, _("Answer"), partnership_id=room)
    if room in reader.steered and all(answered.get(str(one)) for one in sides):
        text = _("All sides have answered the health review. Read the answers together.")
        url = reverse("partnerships:health", args=[room])
        return Waiting(f"review:{pk}:show", title, text, url, _("Show"), partnership_id=room)
    return None


def _due(reader: Reader, now: datetime) -> Iterator[Kind[Waiting]]:
    """Yield what the reader is in charge of, and reports of stays whose person has left."""
    found = find_due(reader.own_id, until=now.date() + EVERY)
    for kind, (page, column, rows) in found.items():
        if kind == "placement":
            left = Placement.objects.filter(
                person=None,
                sender__organisation__in=reader.managed,
                closed_on=None,
                dropped_at=None,
                partnership__state=ACTIVE,
                report_due_on__lte=now.date(),
            )
            rows = rows | left
        columns = {**_ROOM, "title": "place" if kind == "placement" else "title", "day": column}
        rows = rows.filter(partnership_id__in=reader.rooms).order_by(column, "pk")
        yield Kind(rows, partial(_tell_due, kind, page), columns)


def _tell_due(kind: str, page: str, *, pk: int, room: int, title: str, day: str) -> Waiting:
    due = day_of(day)
    return Waiting(
        key=f"{kind}:{pk}:do",
        title=str(TITLES[kind]) % {"title": title},
        text=_("Due on %(day)s.") % {"day": date_format(cast("Any", due))},
        url=f"{reverse(f'partnerships:{page}', args=[room])}#{kind}-{pk}",
        label=_("View"),
        due=due,
        partnership_id=room,
    )


def _sharing(reader: Reader, now: datetime) -> Kind[Waiting]:
    def tell(pk: int, room: int, title: str, member: str | None, file: str, day: str) -> Waiting:
        due = day_of(day)
        return Waiting(
            key=f"grant:{pk}:renew",
            title=member or file or title,
            text=_("You share this until %(day)s.") % {"day": date_format(cast("Any", due))},
            url=reverse("partnerships:sharing", args=[room]),
            label=_("Review and keep sharing"),
            due=due,
            partnership_id=room,
        )

    columns = {
        **_ROOM,
        "title": "partnership__title",
        "member": "member__name",
        "file": "file_name",
        "day": "ends_on",
    }
    return Kind(queries.find_running_out(reader, today=now.date(), within=ENDING), tell, columns)


def _introductions(reader: Reader) -> Kind[Waiting]:
    def tell(pk: int, room: int, title: str) -> Waiting:
        return Waiting(
            key=f"introduction-plan:{pk}:decide",
            title=title,
            text=_("Proposed introductions are waiting for a decision."),
            url=reverse("partnerships:introduction-plan", args=[room, pk]),
            label=_("Decide"),
            partnership_id=room,
        )

    newest = IntroductionPlan.objects.filter(
        partnership=OuterRef("partnership"), left=OuterRef("left"), right=OuterRef("right")
    ).order_by("-created_at", "-pk")
    undecided = ProposedIntroduction.objects.filter(
        plan=OuterRef("pk"), state=ProposedIntroduction.State.PROPOSED
    )
    found = IntroductionPlan.objects.filter(
        Exists(undecided),
        pk=Subquery(newest.values("pk")[:1]),
        state=IntroductionPlan.State.READY,
        partnership_id__in=reader.steered,
        partnership__state=ACTIVE,
    )
    return Kind(found.order_by("pk"), tell, {**_ROOM, "title": "partnership__title"})
