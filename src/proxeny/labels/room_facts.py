"""What labels tell the room of a partnership: figures, dates, and what waits."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.labels.models import Award, Round
from proxeny.labels.queries.waiting import InRoom, find_in_rooms
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, DATES, Date, Tile, Waiting

State = Round.State


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many awards hold, and how many rounds are under way. Two queries."""
    now = timezone.now()
    held = Award.objects.filter(
        partnership=partnership, issued_at__isnull=False, revoked_at=None, valid_until__gt=now
    ).count()  # fmt: skip
    rounds = Round.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        all=Count("pk"), underway=Count("pk", filter=~Q(state__in=(State.PLANNED, State.DECIDED))),
    )  # fmt: skip
    value = ngettext("%(count)d award holds", "%(count)d awards hold", held) % {"count": held}
    underway = rounds["underway"]
    note = ngettext("%(count)d round under way", "%(count)d rounds under way", underway)
    yield Tile(_("Labels"), value if rounds["all"] or held else "",
               note % {"count": underway} if underway else "",
               reverse("labels:list", args=[partnership.pk]))  # fmt: skip


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield when rounds close and are decided, and when awards end. Two queries."""
    pk, until = partnership.pk, today + AHEAD
    end = datetime.combine(until, time.max, timezone.get_current_timezone())
    rounds = Round.objects.filter(
        Q(closes_at__lte=end, state=State.OPEN) | Q(decides_on__lte=until), partnership_id=pk,
        dropped_at=None, published_at__isnull=False,
    ).exclude(state=State.DECIDED)  # fmt: skip
    for one in rounds.order_by("closes_at", "pk")[:DATES]:
        url = reverse("labels:round", args=[pk, one.pk])
        closes = one.closes_at.astimezone(load_zone(one.zone)).date()
        if one.state == State.OPEN and closes <= until:
            yield Date(closes, one.title, url, _("Round closes"), is_late=closes < today)
        if one.decides_on and one.decides_on <= until:
            yield Date(one.decides_on, one.title, url, _("Decision planned"),
                       is_late=one.decides_on < today)  # fmt: skip
    awards = Award.objects.filter(
        partnership_id=pk, issued_at__isnull=False, revoked_at=None, replaced_by=None,
        valid_until__gt=timezone.now(), valid_until__lte=end,
    ).only("pk", "title", "valid_until", "scheme_id")  # fmt: skip
    for award in awards.order_by("valid_until", "pk")[:DATES]:
        yield Date(timezone.localtime(award.valid_until).date(), award.title,
                   reverse("labels:award-room", args=[pk, award.scheme_id, award.pk]),
                   _("Award ends"))  # fmt: skip


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield what waits in labels for a manager of the room. At most one query."""
    found = find_in_rooms(reader, [partnership.pk], now=timezone.now())
    if partnership.pk in found:
        yield from tell_waiting(partnership.pk, found[partnership.pk])


def tell_waiting(partnership_id: int, found: InRoom) -> Iterator[Waiting]:
    """Yield what waits in a room in words, and where it is seen to. No query."""
    told = (
        (found.to_look_at, "round-applications", _("Look at them"), ngettext(
            "In %(count)d round, applications wait for you to see whether they can take part.",
            "In %(count)d rounds, applications wait for you to see whether they can take part.",
            len(found.to_look_at),
        )),
        (found.questions, "round-applications", _("Read and pass on"), ngettext(
            "In %(count)d round, jurors have a question for an applicant.",
            "In %(count)d rounds, jurors have a question for an applicant.", len(found.questions),
        )),
        (found.to_judge, "round", _("Go on"), ngettext(
            "%(count)d round has closed. Begin to judge.",
            "%(count)d rounds have closed. Begin to judge.", len(found.to_judge),
        )),
        (found.jurors, "reading", _("Assign"), ngettext(
            "In %(count)d round, applications lack a juror.",
            "In %(count)d rounds, applications lack a juror.", len(found.jurors),
        )),
        (found.letters, "results", _("Write to them"), ngettext(
            "In %(count)d round, applicants wait for their letters.",
            "In %(count)d rounds, applicants wait for their letters.", len(found.letters),
        )),
        (found.appeals, "results", _("Look at it"), ngettext(
            "In %(count)d round, an appeal waits for you.",
            "In %(count)d rounds, appeals wait for you.", len(found.appeals),
        )),
        (found.to_award, "round-awards", _("Award"), ngettext(
            "In %(count)d round, projects are chosen and not awarded yet.",
            "In %(count)d rounds, projects are chosen and not awarded yet.", len(found.to_award),
        )),
    )  # fmt: skip
    for rounds, page, label, text in told:
        if rounds:
            yield Waiting(text % {"count": len(rounds)}, _way(page, partnership_id, rounds), label)
    if count := len(found.checkups):
        text = ngettext("%(count)d check-up is answered, and waits for you to look at it.",
                        "%(count)d check-ups are answered, and wait for you to look at them.",
                        count)  # fmt: skip
        yield Waiting(text % {"count": count}, reverse("labels:list", args=[partnership_id]),
                      _("Look at it"))  # fmt: skip


def _way(page: str, partnership_id: int, rounds: Sequence[int]) -> str:
    """Return where one round is seen to; of several, the list of labels."""
    if len(rounds) == 1:
        return reverse(f"labels:{page}", args=[partnership_id, rounds[0]])
    return reverse("labels:list", args=[partnership_id])
