"""What waits in the rooms of partnerships, and at the desks beside them."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.queries.waiting import find_at_desks, tell_each
from proxeny.bids.models import Partner
from proxeny.bids.queries.waiting import find_to_sign, find_unanswered
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.queries.catch_ups import list_unanswered, tell_unanswered
from proxeny.partnerships import rules
from proxeny.partnerships.models import Partnership, SharingGrant
from proxeny.partnerships.queries import list_asked_of, list_running_out, newest_texts, parties_of
from proxeny.partnerships.texts import names_of
from proxeny.web.day.model import Task

#: So many texts, catch-ups and bids are told; the rest stands in their rooms.
TEXTS = 3
CATCH_UPS = 4
BIDS = 3


def find_signatures(reader: Reader, partnerships: tuple[Partnership, ...]) -> Iterator[Task]:
    own = [one for one in partnerships if rules.can_sign(reader, one, parties_of(one))]
    texts = newest_texts(own)
    for one in own:
        mine = rules.party_managed(reader, parties_of(one))
        if one.pk in texts and not texts[one.pk].has_signed(mine):
            yield Task(
                title=one.title,
                text=_("The agreement waits for your side's signature."),
                url=reverse("partnerships:detail", args=[one.pk]),
                label=_("Read and sign"),
                tone="warn",
            )


def find_asked(reader: Reader, partnerships: tuple[Partnership, ...]) -> Iterator[Task]:
    titles = {one.pk: one.title for one in partnerships}
    waiting = list_asked_of(reader, partnerships)
    names = names_of(one.agreement for one in waiting)
    for one in waiting[:TEXTS]:
        agreement = one.agreement
        yield Task(
            title=titles[agreement.partnership_id],
            text=_("Your side’s signature: %(name)s.") % {"name": names[agreement.pk]},
            url=reverse("partnerships:text", args=[agreement.partnership_id, agreement.pk]),
            label=_("Read and sign"),
            tone="warn",
        )


def find_running_out(reader: Reader, now: datetime) -> Iterator[Task]:
    if not reader.managed:
        return
    ending: dict[int, list[SharingGrant]] = {}
    for one in list_running_out(reader, today=now.date()):
        ending.setdefault(one.partnership_id, []).append(one)
    for grants in ending.values():
        text = ngettext(
            "%(count)d thing that you share ends on %(day)s.",
            "%(count)d things that you share end soon, the first on %(day)s.",
            len(grants),
        )
        yield Task(
            title=grants[0].partnership.title,
            text=text % {"count": len(grants), "day": date_format(grants[0].ends_on)},
            url=reverse("partnerships:sharing", args=[grants[0].partnership_id]),
            label=_("See, and go on sharing"),
            tone="info",
        )


def find_invitations(reader: Reader, now: datetime) -> Iterator[Task]:
    for one in list_unanswered(reader, now=now).select_related("partnership")[:CATCH_UPS]:
        yield Task(
            title=one.partnership.title,
            text=tell_unanswered(one.meeting),
            url=reverse("meetings:catch-up", args=[one.partnership_id, one.pk]),
            label=_("Answer"),
            tone="info",
        )


def find_desks(reader: Reader, now: datetime) -> Iterator[Task]:
    for one, name, count in tell_each(find_at_desks(reader, now=now)):
        text = _desk_text(name, count) % {"count": count}
        page = "mandates" if name == "mandates" else "board"
        yield Task(
            title=one.title,
            text=text,
            url=reverse(f"ambassadors:{page}", args=[one.partnership_id]),
            label=_("Open the desk"),
            tone="warn" if name in ("late", "to_decide") else "info",
        )


def _desk_text(name: str, count: int) -> str:
    texts = {
        "to_decide": ngettext(
            "For %(count)d introduction another time is proposed. Can you come?",
            "For %(count)d introductions another time is proposed. Can you come?", count,
        ),
        "to_propose": ngettext(
            "%(count)d introduction is agreed by both and has no time yet.",
            "%(count)d introductions are agreed by both and have no time yet.", count,
        ),
        "mandates": ngettext(
            "%(count)d member asks you to act for it.",
            "%(count)d members ask you to act for them.", count,
        ),
        "late": ngettext(
            "%(count)d next step of yours is late.", "%(count)d next steps of yours are late.", count,
        ),
    }  # fmt: skip
    return texts[name]


def find_bids(reader: Reader, now: datetime) -> Iterator[Task]:
    """Tell of bids that wait for a side's answer, and of what a partner has to sign. Two queries."""
    for bid in find_unanswered(reader, now=now)[:BIDS]:
        yield Task(
            title=bid.title,
            text=_("Does your side go for this bid? The others wait for your answer."),
            url=f"{reverse('bids:bid', args=[bid.partnership_id, bid.pk])}#decision",
            label=_("Answer"),
            tone="warn",
        )
    for partner in find_to_sign(reader)[:BIDS]:
        text = _("A bid that you take part in waits for your signature.")
        if partner.state == Partner.State.ASKED:
            text = _("You are asked to take part in a bid. Read the letter of intent, and answer.")
        yield Task(
            title=partner.name,
            text=text,
            url=reverse("bids:own", args=[partner.pk]),
            label=_("Read and sign"),
            tone="warn",
        )
