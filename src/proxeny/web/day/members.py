"""What waits for who works for a member, or looks after the members of a cluster."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.queries.waiting import count_own_waiting, works_for_member
from proxeny.assessments.queries.waiting import count_waiting as count_assessments
from proxeny.directory.models import Listing
from proxeny.directory.proposals import make_cards
from proxeny.directory.queries import matching
from proxeny.directory.queries.interests import count_waiting
from proxeny.directory.queries.listings import list_in_review, list_to_see_to
from proxeny.directory.queries.searches import count_fresh
from proxeny.kernel.tenancy import Reader
from proxeny.web.day.model import Partners, Task

TEXTS = 3
#: So many proposed partners are shown, of the first so many: one that says nothing today is left out.
PARTNERS, PARTNERS_READ = 3, 12
WISHED = timedelta(days=14)


def find_introductions(reader: Reader, now: datetime) -> Iterator[Task]:
    if not works_for_member(reader):
        return
    waiting = count_own_waiting(reader, now=now)
    told = (
        (waiting.wishes, ngettext(
            "%(count)d introduction waits for your yes or no.",
            "%(count)d introductions wait for your yes or no.", waiting.wishes,
        )),
        (waiting.times, ngettext(
            "For %(count)d meeting a time is proposed. Does it suit you?",
            "For %(count)d meetings times are proposed. Do they suit you?", waiting.times,
        )),
    )  # fmt: skip
    for count, text in told:
        if count:
            yield Task(
                title=_("Introductions"),
                text=text % {"count": count},
                url=reverse("ambassadors:own"),
                label=_("Answer"),
                tone="warn",
            )


def find_assessments(reader: Reader, now: datetime) -> Iterator[Task]:
    waiting = count_assessments(reader, today=now.date())
    rooms, own = reverse("partnerships:list"), reverse("assessments:own")
    told = (
        (waiting.declarations, rooms, ngettext(
            "In %(count)d assessment you are asked whether you have a conflict of interest.",
            "In %(count)d assessments you are asked whether you have a conflict of interest.",
            waiting.declarations,
        )),
        (waiting.steps, rooms, ngettext(
            "%(count)d step of an assessment of yours is due.",
            "%(count)d steps of assessments of yours are due.", waiting.steps,
        )),
        (waiting.briefs, own, ngettext(
            "%(count)d brief waits for your signature.",
            "%(count)d briefs wait for your signature.", waiting.briefs,
        )),
        (waiting.advice, own, ngettext(
            "%(count)d recommendation waits for your decision.",
            "%(count)d recommendations wait for your decision.", waiting.advice,
        )),
        (waiting.questions, own, ngettext(
            "What came of your assessment? %(count)d question waits for you.",
            "What came of your assessments? %(count)d questions wait for you.",
            waiting.questions,
        )),
    )  # fmt: skip
    for count, url, text in told:
        if count:
            yield Task(
                title=_("Market assessments"), text=text % {"count": count}, url=url,
                label=_("See them"), tone="warn",
            )  # fmt: skip


def find_interests(reader: Reader, advised: frozenset[int]) -> Iterator[Task]:
    count = count_waiting(reader, advised)
    if count:
        text = ngettext(
            "%(count)d expression of interest waits for you.",
            "%(count)d expressions of interest wait for you.",
            count,
        )
        yield Task(
            title=_("Interest"),
            text=text % {"count": count},
            url=f"{reverse('directory:interests')}?side=waiting",
            label=_("Read and answer"),
            tone="warn",
        )


def find_texts(reader: Reader, advised: frozenset[int], now: datetime) -> Iterator[Task]:
    """Tell of offers and needs: those to read for the cluster, sent back to one, or ending soon."""
    waiting = list_in_review(advised).count()
    if waiting:
        text = ngettext(
            "%(count)d offer or need waits for you to read it.",
            "%(count)d offers and needs wait for you to read them.",
            waiting,
        )
        yield Task(_("Offers and needs to read"), text % {"count": waiting},
                   reverse("directory:review"), _("Read"), "warn")  # fmt: skip
    sent_back, ending = list_to_see_to(reader.organisations, today=now.date(), most=TEXTS)
    for one in sent_back:
        yield Task(one.title, _("Your adviser asks you to change something."),
                   reverse("directory:listing", args=[one.pk]), _("See the note"), "warn")  # fmt: skip
    for one in ending:
        yield Task(
            one.title,
            _("It is shown until %(day)s. Renew it if it still holds.")
            % {"day": date_format(one.expires_on)},
            reverse("directory:listing", args=[one.pk]), _("Look at it"), "info",
        )  # fmt: skip


def find_searches(reader: Reader) -> Iterator[Task]:
    count = count_fresh(reader)
    if count:
        text = ngettext(
            "Your searches found %(count)d new one.",
            "Your searches found %(count)d new ones.",
            count,
        )
        yield Task(
            title=_("Saved searches"),
            text=text % {"count": count},
            url=reverse("directory:searches"),
            label=_("Look at them"),
            tone="info",
        )


def find_wanted(reader: Reader, now: datetime) -> Iterator[Task]:
    """For who works for a cluster: whom its members have marked of late."""
    own = set(reader.organisations) & set(reader.clusters)
    counts = matching.count_wanted(own, since=now - WISHED)
    for cluster_id in sorted(own):
        if count := counts.get(cluster_id):
            text = ngettext(
                "%(count)d wish to meet somebody, of the last two weeks.",
                "%(count)d wishes to meet somebody, of the last two weeks.",
                count,
            )
            yield Task(
                title=_("Whom your members want to meet"),
                text=text % {"count": count},
                url=reverse("directory:wanted", args=[cluster_id]),
                label=_("Bring them together"),
                tone="info",
            )


def find_first_step(reader: Reader) -> Iterator[Task]:
    """For a member that has said nothing of itself yet: what everything else begins with. One query."""
    members = sorted(set(reader.organisations) - set(reader.clusters))
    if not members:
        return
    said = set(
        Listing.objects.filter(organisation__in=members).values_list("organisation", flat=True)
    )
    for member in [one for one in members if one not in said][:1]:
        yield Task(
            title=_("Begin with what you offer and need"),
            text=_("One sentence each is enough: others find you by it, and we find who fits you."),
            url=reverse("directory:listing-add", args=[member]),
            label=_("Write the first one"),
            tone="info",
        )


def find_partners(reader: Reader) -> Partners | None:
    """For who works for a member; a cluster's team has the lists of all its members."""
    members = sorted(set(reader.organisations) - set(reader.clusters))
    if not members:
        return None
    made = matching.get_match_list(members[0], reader.person)
    if made is None or made.computed_at is None:
        return Partners(members[0], is_made=False, cards=())
    cards = make_cards(made, matching.choices_of(members[0]), first=PARTNERS_READ)
    return Partners(members[0], is_made=True, cards=tuple(cards[:PARTNERS]))
