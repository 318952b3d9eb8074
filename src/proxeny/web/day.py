"""My day: what waits for a reader, what comes next, and what changed, gathered from all parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.token_queries import tokens_ending
from proxeny.ambassadors.queries.waiting import (
    count_own_waiting,
    find_at_desks,
    tell_each,
    works_for_member,
)
from proxeny.assessments.queries.reports import find_hand_overs
from proxeny.assessments.queries.waiting import count_waiting as count_assessments
from proxeny.bids.models import Partner
from proxeny.bids.queries.waiting import find_to_sign, find_unanswered
from proxeny.calls.queries.watching import list_closing
from proxeny.calls.rules import BRUSSELS
from proxeny.directory.proposals import Card, make_cards
from proxeny.directory.queries import matching
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.interests import count_waiting
from proxeny.directory.queries.listings import list_in_review, list_to_see_to
from proxeny.directory.queries.searches import count_fresh
from proxeny.events.queries.events import list_coming
from proxeny.events.queries.next_step import next_steps
from proxeny.kernel.failures import list_failed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of, is_same_clock
from proxeny.labels.day_facts import find_tasks as find_label_tasks
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries import (
    count_open_questions,
    own_meetings,
    own_organisations,
    title_of_catch_up,
    title_of_hand_over,
    with_parties,
)
from proxeny.meetings.queries.catch_ups import list_unanswered, tell_unanswered
from proxeny.partnerships import rules
from proxeny.partnerships.history import HistoryItem, recent_entries, tell_together
from proxeny.partnerships.models import Partnership, SharingGrant
from proxeny.partnerships.queries import (
    list_asked_of,
    list_running_out,
    newest_texts,
    parties_of,
    visible_partnerships,
)
from proxeny.partnerships.texts import names_of

#: Events that are looked at for what waits.
EVENTS = 4
PARTNERSHIPS = 6
MEETINGS = 5
CHANGES = 6
PROGRAMS = 3
CALLS = 3
BIDS = 3
#: A watched call that closes within so many days is a matter of haste.
HASTE_DAYS = 3
TEXTS = 3
#: So many proposed partners are shown, of the first so many: one that says nothing today is left out.
PARTNERS, PARTNERS_READ = 3, 12
RECENT = timedelta(days=30)
WISHED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the reader: what, why, and where to do it."""

    title: str
    text: str
    url: str
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """A meeting to come. A catch-up has a name, a page of its own, and perhaps a video link; the
    hand-over of a report has a name and a page."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str
    others: str
    place: str
    is_provisional: bool
    title: str = ""
    url: str = ""
    video_url: str = ""
    #: Whose clocks show the time, where the reader's own show another.
    city: str = ""


@dataclass(frozen=True, slots=True)
class Partners:
    """Whom a member should meet: the first proposals that it has not answered."""

    organisation_id: int
    is_made: bool
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """All that the home page shows."""

    tasks: tuple[Task, ...]
    meetings: tuple[NextMeeting, ...]
    partnerships: tuple[Partnership, ...]
    changes: tuple[HistoryItem, ...]
    partners: Partners | None


def get_day(reader: Reader, *, now: datetime) -> Day:
    """Return a reader's day. The number of queries does not grow with what there is."""
    advised = advised_by(reader, today=now.date())
    partnerships = tuple(visible_partnerships()[:PARTNERSHIPS])
    tasks = [
        *_failed_work(reader),
        *_signatures(reader, partnerships),
        *_asked(reader, partnerships),
        *_running_out(reader, now),
        *_ratings(reader, now),
        *_invitations(reader, now),
        *_desks(reader, now),
        *_introductions(reader, now),
        *_assessments(reader, now),
        *_calls(reader, now),
        *_bids(reader, now),
        *(Task(*one) for one in find_label_tasks(reader, now)),
        *_interests(reader, advised),
        *_texts(reader, advised, now),
        *_searches(reader),
        *_events(reader, now),
        *_wanted(reader, now),
        *_programs(reader, now),
    ]
    return Day(
        tasks=tuple(tasks),
        meetings=_next_meetings(reader, now),
        partnerships=partnerships,
        changes=_changes(reader, partnerships, now),
        partners=_partners(reader),
    )


def _failed_work(reader: Reader) -> Iterator[Task]:
    count = list_failed(reader).count()
    if count:
        text = ngettext(
            "%(count)d piece of work stopped before its end. See why, and try it again.",
            "%(count)d pieces of work stopped before their end. See why, and try them again.",
            count,
        )
        yield Task(
            title=_("What did not work"),
            text=text % {"count": count},
            url=reverse("failed"),
            label=_("Look at it"),
            tone="bad",
        )


def _signatures(reader: Reader, partnerships: tuple[Partnership, ...]) -> Iterator[Task]:
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


def _asked(reader: Reader, partnerships: tuple[Partnership, ...]) -> Iterator[Task]:
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


def _running_out(reader: Reader, now: datetime) -> Iterator[Task]:
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


def _ratings(reader: Reader, now: datetime) -> Iterator[Task]:
    count = count_open_questions(reader, now=now)
    if count:
        text = ngettext(
            "%(count)d meeting took place. How did it go?",
            "%(count)d meetings took place. How did they go?",
            count,
        )
        yield Task(
            title=_("Your meetings"),
            text=text % {"count": count},
            url=reverse("meetings:ratings"),
            label=_("Answer with one tap"),
            tone="info",
        )


def _invitations(reader: Reader, now: datetime) -> Iterator[Task]:
    for one in list_unanswered(reader, now=now).select_related("partnership")[:EVENTS]:
        yield Task(
            title=one.partnership.title,
            text=tell_unanswered(one.meeting),
            url=reverse("meetings:catch-up", args=[one.partnership_id, one.pk]),
            label=_("Answer"),
            tone="info",
        )


def _desks(reader: Reader, now: datetime) -> Iterator[Task]:
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


def _introductions(reader: Reader, now: datetime) -> Iterator[Task]:
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


def _assessments(reader: Reader, now: datetime) -> Iterator[Task]:
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


def _calls(reader: Reader, now: datetime) -> Iterator[Task]:
    """Tell of watched calls that close soon."""
    for one in list_closing(reader, now=now, most=CALLS):
        text = ngettext(
            "A call that you watch closes in %(count)d day, on %(day)s.",
            "A call that you watch closes in %(count)d days, on %(day)s.",
            one.days,
        )
        if not one.days:
            text = _("A call that you watch closes today.")
        day = date_format(one.closes_at.astimezone(BRUSSELS), "DATE_FORMAT")
        yield Task(
            title=one.call.title,
            text=text % {"count": one.days, "day": day},
            url=reverse("calls:detail", args=[one.call.pk]),
            label=_("Open the call"),
            tone="warn" if one.days <= HASTE_DAYS else "info",
        )


def _bids(reader: Reader, now: datetime) -> Iterator[Task]:
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


def _interests(reader: Reader, advised: frozenset[int]) -> Iterator[Task]:
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


def _searches(reader: Reader) -> Iterator[Task]:
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


def _texts(reader: Reader, advised: frozenset[int], now: datetime) -> Iterator[Task]:
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


def _events(reader: Reader, now: datetime) -> Iterator[Task]:
    coming = list(list_coming(today=now.date())[:EVENTS])
    steps = next_steps(reader, coming, now=now)
    for event in coming:
        step = steps.get(event.pk)
        # What is well needs nobody today; it is on the event's own page.
        if step is not None and step.url and step.tone != "ok":
            yield Task(event.title, step.text, step.url, step.label, step.tone)


def _wanted(reader: Reader, now: datetime) -> Iterator[Task]:
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


def _programs(reader: Reader, now: datetime) -> Iterator[Task]:
    for token in tokens_ending(reader, now=now)[:PROGRAMS]:
        yield Task(
            title=token.name,
            text=_("This program can act for you until %(day)s. Give it new access if you need it.")
            % {"day": date_format(token.expires_at, "DATE_FORMAT")},
            url=reverse("people:tokens"),
            label=_("See your programs"),
            tone="info",
        )


def _partners(reader: Reader) -> Partners | None:
    """For who works for a member; a cluster's team has the lists of all its members."""
    members = sorted(set(reader.organisations) - set(reader.clusters))
    if not members:
        return None
    made = matching.get_match_list(members[0], reader.person)
    if made is None or made.computed_at is None:
        return Partners(members[0], is_made=False, cards=())
    cards = make_cards(made, matching.choices_of(members[0]), first=PARTNERS_READ)
    return Partners(members[0], is_made=True, cards=tuple(cards[:PARTNERS]))


def _next_meetings(reader: Reader, now: datetime) -> tuple[NextMeeting, ...]:
    coming = with_parties(
        own_meetings(reader)
        .filter(ends_at__gte=now, state__in=("provisional", "confirmed"))
        .order_by("starts_at", "pk")[:MEETINGS]
    )
    reports = find_hand_overs(reader, coming)
    found = []
    for meeting in coming:
        own = own_organisations(meeting, reader)
        others = list(dict.fromkeys(
            p.organisation.name for p in meeting.parties.all() if p.organisation_id not in own
        ))  # fmt: skip
        catch_up = {}
        if meeting.kind == "catch-up":
            catch_up = {
                "title": title_of_catch_up(meeting),
                "url": reverse("meetings:catch-up", args=[meeting.partnership_id, meeting.pk]),
                "video_url": meeting.catch_up.video_url,
            }
        elif meeting.kind == "handover":
            catch_up = {
                "title": title_of_hand_over(meeting),
                "url": reports.get(meeting.pk, ""),
            }
        found.append(
            NextMeeting(
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                time_zone=meeting.time_zone,
                others=join_items(others),
                place=meeting.place,
                is_provisional=meeting.state == "provisional",
                city=_city(meeting, reader),
                **catch_up,
            )
        )
    return tuple(found)


def _city(meeting: Meeting, reader: Reader) -> str:
    # Where nobody said which clocks they read, the place's name does no harm.
    zone = reader.time_zone
    is_same = zone and is_same_clock(meeting.starts_at, meeting.time_zone, zone)
    return "" if is_same else city_of(meeting.time_zone)


def _changes(
    reader: Reader, partnerships: tuple[Partnership, ...], now: datetime
) -> tuple[HistoryItem, ...]:
    entries = recent_entries(
        [one.pk for one in partnerships if one.pk in reader.rooms],
        since=now - RECENT, apart_from=reader.person, most=CHANGES,
    )  # fmt: skip
    return tuple(tell_together(partnerships, entries))
