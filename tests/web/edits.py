"""Every form that two people may have open at once, and who they are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from proxeny.accounts.models import Person, Role
from proxeny.ambassadors.models import Mandate
from proxeny.assessments.operations.handing_over import HandOverFacts, arrange_hand_over
from proxeny.events.models import Event, Participation
from proxeny.partnerships.models import Interest
from tests.assessments.reporting import do as do_as
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.alliances import PageFactory
from tests.factories.ambassadors import make_case
from tests.factories.assessments import (
    AdviserFactory,
    AnswerFactory,
    FigureFactory,
    FigureVersionFactory,
    FindingFactory,
    LaterFactory,
    NoteFactory,
    StepFactory,
    TemplateFactory,
    TemplateItemFactory,
    make_engagement,
    make_service,
)
from tests.factories.bids import BidFactory, PartnerFactory, WorkPackageFactory
from tests.factories.calls import CallFactory
from tests.factories.directory import ClusterProfileFactory, InterestFactory, ListingFactory
from tests.factories.events import AgendaEntryFactory, MeetingRequestFactory
from tests.factories.labels import RoundFactory, make_scheme
from tests.factories.meetings import make_catch_up, make_meeting
from tests.factories.partnerships import AgreementFactory
from tests.factories.rooms import RecommendationFactory, RiskFactory
from tests.factories.webhooks import WebhookFactory
from tests.factories.world import EventWorld, World, make_event
from tests.partnerships.test_operations import draft

Values = dict[str, str]


@dataclass
class Case:
    """Two people at one form.

    Attributes
    ----------
    first, second : Person
        Who saves first, and who saves second.
    page, post : str
        Where the form is shown, and where it is sent.
    both : tuple
        The field that both change; what each of them writes.
    shown : tuple of str
        How a page shows the two texts.
    firsts, seconds : dict
        What only the one changes.
    form : str
        A field of the form, where the page has several.
    """

    first: Person
    second: Person
    page: str
    both: tuple[str, str, str] | None
    firsts: Values
    seconds: Values
    post: str = ""
    shown: tuple[str, str] = ("", "")
    form: str = "version"

    def __post_init__(self) -> None:
        self.post = self.post or self.page
        if self.both and not self.shown[0]:
            self.shown = self.both[1:]


def colleague(world: World) -> Person:
    """A second manager of side A."""
    person = PersonFactory(name="Greek second manager")
    SeatFactory(person=person, organisation=world.a.cluster, role=Role.MANAGER)
    return person


def entry(world: World, sign_in: Any) -> Case:
    """An organisation's entry: its representative and its cluster's manager."""
    page = reverse("directory:edit", args=[world.a.members[0].pk])
    return Case(
        world.a.representatives[0],
        world.a.manager,
        page,
        ("summary", "We scan statues.", "We scan temples."),
        {"city": "Volos"},
        {"region": "Attica"},
    )


def listing(world: World, sign_in: Any) -> Case:
    """An offer: the same two."""
    made = ListingFactory(organisation=world.a.members[0])
    return Case(
        world.a.manager,
        world.a.representatives[0],
        reverse("directory:listing-edit", args=[made.pk]),
        ("summary", "For museums.", "For schools."),
        {"title": "Tours of museums"},
        {"kind": "research"},
    )


def interest(world: World, sign_in: Any) -> Case:
    """What a member asks: its representative and its cluster's manager."""
    answers = {
        "who": "A maker",
        "why": "It fits",
        "brings": "Halls",
        "next_step": "A call",
        "organisation": "French member 1",
        "title": "Offer",
    }
    made = InterestFactory(
        listing=ListingFactory(organisation=world.a.members[0]),
        organisation=world.b.members[0],
        state="asked",
        passed_at=None,
        offered_at=None,
        answers=answers,
    )
    return Case(
        world.b.representatives[0],
        world.b.manager,
        reverse("directory:interest-edit", args=[made.pk]),
        ("why", "Our halls are damp.", "Our halls are cold."),
        {"by_when": "in May"},
        {"met": "no"},
    )


def cluster_profile(world: World, sign_in: Any) -> Case:
    """A cluster's profile: two of its managers."""
    ClusterProfileFactory(organisation=world.a.cluster, listing_days=90)
    return Case(
        world.a.manager,
        colleague(world),
        reverse("directory:cluster-profile", args=[world.a.cluster.pk]),
        ("strategy", "We go south.", "We go north."),
        {"services": "Fairs"},
        {"listing_days": "120"},
    )


def columns(world: World, sign_in: Any) -> Case:
    """How a member list is read: two managers of the cluster."""
    file = SimpleUploadedFile("members.csv", b"Name,Spot,Code\nNefeli,Patras,7\n")
    client = sign_in(world.a.manager)
    answer = client.post(
        reverse("directory:import-start"), {"cluster": world.a.cluster.pk, "file": file}
    )
    pk = int(answer["Location"].strip("/").split("/")[-1])
    return Case(
        world.a.manager,
        colleague(world),
        reverse("directory:import-detail", args=[pk]) + "?columns",
        ("city", "Spot", "Code"),
        {"nameless": "skip", "default_country": "GR"},
        {"unreadable": "blank", "default_country": "GR"},
        post=reverse("directory:import-columns", args=[pk]),
        form="city",
    )


def partnership_draft(world: World, sign_in: Any) -> Case:
    """A draft: two managers of the proposing side."""
    made = draft(world)
    return Case(
        world.a.manager,
        colleague(world),
        reverse("partnerships:edit", args=[made.pk]),
        ("text", "We share a stand.", "We share two stands."),
        {"title": "Athens and Casablanca"},
        {"purpose": "Films"},
    )


def agreement(world: World, sign_in: Any) -> Case:
    """Another text of an agreement: both sides."""
    AgreementFactory(partnership=world.partnership)
    return Case(
        world.a.manager,
        world.b.manager,
        reverse("partnerships:amend", args=[world.partnership.pk]),
        ("text", "We meet twice a year.", "We meet three times a year."),
        {},
        {},
    )


def risk(world: World, sign_in: Any) -> Case:
    """A record of a room, here a risk: both sides."""
    made = RiskFactory(partnership=world.partnership)
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("partnerships:record", args=[world.partnership.pk, "risk", made.pk]),
        ("treatment", "We call two days before.", "We ask a week before."),
        {"review_on": "2027-01-01"},
        {"residual_impact": "1"},
    )


def exit_plan(world: World, sign_in: Any) -> Case:
    """How a partnership would end: both sides."""
    return Case(
        world.a.manager,
        world.b.manager,
        reverse("partnerships:exit-plan", args=[world.partnership.pk]),
        ("text", "We part in spring.", "We part in autumn."),
        {},
        {},
    )


def own_view(world: World, sign_in: Any) -> Case:
    """What a side thinks for itself: two of its managers."""
    return Case(
        world.a.manager,
        colleague(world),
        reverse("partnerships:assessment", args=[world.partnership.pk]),
        ("brings", "Studios", "Museums"),
        {"needs": "Buyers"},
        {"limits": "No arms"},
    )


def ahead(world: World, **values: Any) -> EventWorld:
    """An event that lies ahead of the real clock, which pages read."""
    made = make_event(world, **values)
    day = timezone.now().date() + timedelta(days=30)
    Event.objects.filter(pk=made.event.pk).update(
        starts_on=day, ends_on=day, deadline_at=timezone.now() + timedelta(days=20)
    )
    made.event.refresh_from_db()
    return made


def _setup(
    name: str, build: Callable[[EventWorld], tuple[Any, Values, Values]], **more: Any
) -> Any:
    def case(world: World, sign_in: Any) -> Case:
        made = ahead(world, slots=more.get("slots", 6), state="draft")
        if name == "setup-days":
            # Times that somebody has answered for are changed with a confirmation only.
            Participation.objects.all().delete()
        both, firsts, seconds = build(made)
        page = reverse(f"events:{name}", args=[made.event.pk])
        return Case(
            world.a.manager,
            world.b.manager,
            page,
            both,
            firsts,
            seconds,
            shown=more.get("shown", ("", "")),
        )

    case.__doc__ = f"A step of an event's set-up ({name}): a manager of each side."
    return case


def _groups(made: EventWorld) -> tuple[Any, Values, Values]:
    one, other = made.event.groups.all()
    return (
        (f"name_{one.pk}", "Athens", "Attica"),
        {f"name_{other.pk}": "Paris"},
        {"name_new1": "Investors"},
    )


def _rules(made: EventWorld) -> tuple[Any, Values, Values]:
    one, other = made.event.groups.all()
    # Ticks have two states only: two people who change the same one agree.
    return None, {f"rule_{one.pk}_{one.pk}": "on"}, {f"rule_{other.pk}_{other.pk}": "on"}


facts = _setup(
    "setup",
    lambda made: (
        ("summary", "Games and films.", "Games and museums."),
        {"title": "Spring"},
        {"place": "Paris"},
    ),
)
days = _setup(
    "setup-days",
    lambda made: (
        (f"ends_{made.event.starts_on}", "15:00", "16:00"),
        {"changeover_min": "7"},
        {"break_name_0": "Coffee"},
    ),
    slots=0,
    shown=("09:00 – 15:00", "09:00 – 16:00"),
)
tables = _setup(
    "setup-tables",
    lambda made: (
        ("names", "Olive\nFig\nVine\nScreen", "Oak\nAsh\nElm\nScreen"),
        {"video": "1"},
        {},
    ),
    shown=("Olive", "Oak"),
)
groups = _setup("setup-groups", _groups)
rules = _setup("setup-rules", _rules)


def registration(world: World, sign_in: Any) -> Case:
    """A registration: the organisation itself and its cluster."""
    made = ahead(world)
    return Case(
        world.a.representatives[0],
        world.a.manager,
        reverse("events:register", args=[made.greek[0].pk]),
        ("contact", "Nefeli herself", "Someone else"),
        {"pitch": "Museums"},
        {"cap": "4"},
    )


def profile(world: World, sign_in: Any) -> Case:
    """A profile: one person in two windows."""
    return Case(
        world.a.manager,
        world.a.manager,
        reverse("people:me"),
        ("name", "First window", "Second window"),
        {"time_zone": "Europe/Athens"},
        {"language": "fr"},
    )


def place(world: World, sign_in: Any) -> Case:
    """Where a meeting of the agenda is: a manager of each side."""
    made = ahead(world, state="closed", title="Fair")
    one, other = made.greek[0], made.french[0]
    slots, table = list(made.event.slots.all()), made.event.tables.all()[0]
    meeting = make_meeting(
        world.partnership,
        (one.organisation, one.person),
        (other.organisation, other.person),
        state="draft",
        starts_at=slots[0].starts_at,
        ends_at=slots[0].ends_at,
    )
    planned = AgendaEntryFactory(
        event=made.event, meeting=meeting, slot=slots[0], table=table, first=one, second=other
    )
    arguments = [made.event.pk, planned.pk]
    return Case(
        world.a.manager,
        world.b.manager,
        reverse("events:entry", args=arguments),
        ("place", f"{slots[1].pk}-{table.pk}", f"{slots[2].pk}-{table.pk}"),
        {},
        {},
        post=reverse("events:entry-move", args=arguments),
        form="place",
        shown=("09:40 · Table 1", "10:00 · Table 1"),
    )


def note(world: World, sign_in: Any) -> Case:
    """The note on whom one wants to meet: the organisation itself and its cluster."""
    made = ahead(world)
    own, target = made.greek[0], made.french[0]
    MeetingRequestFactory(event=made.event, source=own, target=target)
    return Case(
        world.a.representatives[0],
        world.a.manager,
        reverse("events:requests", args=[own.pk]),
        ("note", "Their engine", "Their museum"),
        {},
        {},
        post=reverse("events:mark", args=[own.pk, target.pk]),
        form="note",
    )


def webhook(world: World, sign_in: Any) -> Case:
    """A webhook: two managers of its organisation."""
    made = WebhookFactory(organisation=world.a.cluster)
    return Case(
        world.a.manager,
        colleague(world),
        reverse("webhooks:edit", args=[made.pk]),
        ("description", "Our member database", "Our website"),
        {"verbs": "sign_agreement"},
        {"url": "https://other.example.org/hook"},
    )


def sharing(world: World, sign_in: Any) -> Case:
    """What comes with a shared list, and until when: two managers of the cluster that shares."""
    grant = world.partnership.grants.get(organisation=world.a.cluster)
    grant.fields = []
    grant.save()
    first, second = ((timezone.now() + timedelta(days=one)).date() for one in (9, 19))
    return Case(
        world.a.manager,
        colleague(world),
        reverse("partnerships:share-change", args=[world.partnership.pk, grant.pk]),
        ("ends_on", first.isoformat(), second.isoformat()),
        {"fields": "email"},
        {},
        shown=(date_format(first), date_format(second)),
    )


def catch_up(world: World, sign_in: Any) -> Case:
    """What is planned of a catch-up: a manager and the other side's ambassador."""
    made = make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        starts_at=timezone.now() + timedelta(days=9),
    )
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("meetings:catch-up-edit", args=[world.partnership.pk, made.pk]),
        ("agenda", "Who pays for the fair?", "Who goes to the fair?"),
        {"title": "Spring"},
        {"duration_min": "90"},
    )


def minutes(world: World, sign_in: Any) -> Case:
    """The minutes of a catch-up: likewise."""
    made = make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        starts_at=timezone.now() - timedelta(days=9),
    )
    french = world.partnership.parties.get(side="B")
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("meetings:catch-up-minutes", args=[world.partnership.pk, made.pk]),
        ("minutes", "We talked about money.", "We talked about people."),
        {"decisions": "We go to Lyon."},
        {f"came_{french.pk}": str(world.b.ambassador.pk)},
        form="minutes",
    )


def mandate(world: World, sign_in: Any) -> Case:
    """What a member asks of the ambassador: two of its people."""
    member, second = world.a.members[0], PersonFactory(name="Greek second representative")
    SeatFactory(person=second, organisation=member, role=Role.REPRESENTATIVE)
    made = Mandate.objects.create(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=member,
        seeks="A buyer.",
        until=timezone.localdate() + timedelta(days=90),
        asked_by=second,
    )
    return Case(
        world.a.representatives[0],
        second,
        reverse("ambassadors:own-mandate-edit", args=[made.pk]),
        ("seeks", "A buyer of scanners.", "A buyer in Lyon."),
        {"no_go": "Somebody"},
        {"material": "Our brochure."},
    )


def introduction(world: World, sign_in: Any) -> Case:
    """What a desk keeps of an introduction: its ambassador, who wrote an address down, and a manager."""
    made = make_case(world)
    return Case(
        world.a.ambassador,
        world.a.manager,
        reverse("ambassadors:case-edit", args=[world.partnership.pk, made.pk]),
        ("reason", "They need what you print.", "They sell what you need."),
        {"place": "12 rue de Rome"},
        {"next_step": "Ask for their machines"},
    )


def service(world: World, sign_in: Any) -> Case:
    """A service of two clusters: a manager of one and the ambassador of the other."""
    made = make_service(world, state="draft")
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("assessments:service-edit", args=[world.partnership.pk, made.pk]),
        ("summary_en", "Whether studios would buy it.", "Whether museums would buy it."),
        {"capacity": "5"},
        {"name_fr": "Étude de demande", "summary_fr": "Qui achèterait ?"},
    )


def template_line(world: World, sign_in: Any) -> Case:
    """A step of a template: likewise."""
    made = TemplateItemFactory(
        template=TemplateFactory(partnership=world.partnership), after_days=9
    )
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("assessments:template-line", args=[world.partnership.pk, "demand", made.pk]),
        ("text", "Read what offices publish", "Ask who publishes what"),
        {"after_days": "12"},
        {},
    )


def _of_assessment(world: World, name: str, make: Callable[[Any], Any]) -> tuple[Any, Any, str]:
    """Return who of the two teams write, and the page of a record of an assessment at work."""
    engagement = make_engagement(world, state="working")
    numbers = [engagement.partnership_id, engagement.pk, make(engagement).pk]
    return world.a.manager, world.b.ambassador, reverse(f"assessments:{name}", args=numbers)


def work_note(world: World, sign_in: Any) -> Case:
    """A note of the teams: both sides."""
    return Case(
        *_of_assessment(
            world,
            "note-edit",
            lambda one: NoteFactory(engagement=one, origin="A buyer", seen_on=timezone.localdate()),
        ),
        ("text", "They pay by the year.", "They pay by the month."),
        {"title": "Subscriptions"},
        {"origin": "A buyer of a studio"},
    )


def finding(world: World, sign_in: Any) -> Case:
    """A finding: both sides."""
    return Case(
        *_of_assessment(world, "finding-edit", lambda one: FindingFactory(engagement=one)),
        ("text", "Four of five said so.", "Three of five said so."),
        {"title": "They subscribe"},
        {"chapter": "Customers"},
    )


def _figure(world: World, **values: Any) -> str:
    made = FigureFactory(
        partnership=world.partnership, url="https://statistics.example/studios", **values
    )
    FigureVersionFactory(figure=made)
    return reverse("assessments:figure-edit", args=[world.partnership.pk, made.pk])


def fetched_figure(world: World, sign_in: Any) -> Case:
    """What is said of a figure from an office: both sides."""
    return Case(
        world.a.manager,
        world.b.ambassador,
        _figure(world, origin="sdmx", agency="ESTAT"),
        ("title", "Turnover of studios", "Sales of studios"),
        {"unit": "EUR"},
        {"shape": "bar"},
    )


def brought_figure(world: World, sign_in: Any) -> Case:
    """What is said of a figure that was brought as a table: both sides."""
    return Case(
        world.a.manager,
        world.b.ambassador,
        _figure(world),
        ("source", "Ministry of culture", "Ministry of work"),
        {"unit": "EUR"},
        {"licence": "CC0"},
    )


def advice(world: World, sign_in: Any) -> Case:
    """A recommendation of an assessment: both sides."""
    return Case(
        *_of_assessment(
            world,
            "advice-edit",
            lambda one: RecommendationFactory(
                partnership=one.partnership,
                source="assessment",
                source_id=one.pk,
                addressee="org",
                organisation=one.client,
            ),
        ),
        ("details", "By the year.", "By the month."),
        {"title": "Offer a licence"},
        {"addressee": "all"},
    )


def report_summary(world: World, sign_in: Any) -> Case:
    """The summary of a report: both sides."""
    one = make_engagement(world, state="working")
    page = reverse("assessments:report-summary", args=[one.partnership_id, one.pk])
    return Case(
        world.a.ambassador,
        world.b.manager,
        page,
        ("summary", "Studios would buy it.", "Nobody would buy it."),
        {},
        {},
    )


def hand_over(world: World, sign_in: Any) -> Case:
    """The meeting in which a report is handed over: both sides."""
    one = make_engagement(world, state="reported")
    for side in (world.a, world.b):
        party = world.partnership.parties.get(organisation=side.cluster)
        AdviserFactory(engagement=one, party=party, person=side.ambassador)
    page = reverse("assessments:hand-over", args=[one.partnership_id, one.pk])
    guests = (world.a.representatives[0].pk, world.a.ambassador.pk, world.b.ambassador.pk)
    starts_at = timezone.now().replace(second=0, microsecond=0) + timedelta(days=20)
    do_as(
        world.a.ambassador,
        arrange_hand_over,
        engagement_id=one.pk,
        version=1,
        facts=HandOverFacts(starts_at, 60, "Europe/Paris", "Lyon", guests),
        now=timezone.now(),
    )
    return Case(
        world.a.ambassador,
        world.b.manager,
        page,
        ("place", "Athens", "Paris"),
        {"duration_min": "90"},
        {"time_zone": "Europe/Athens"},
    )


def later(world: World, sign_in: Any) -> Case:
    """What a company says came of a report: two people of it."""
    one = make_engagement(world, state="handed-over", handed_over_at=timezone.now())
    LaterFactory(
        engagement=one,
        due_on=timezone.localdate(),
        value="useful",
        worth=5,
        currency="EUR",
        answered_at=timezone.now(),
    )
    second = PersonFactory(name="Second of the company")
    SeatFactory(person=second, organisation=one.client, role=Role.REPRESENTATIVE)
    return Case(
        world.a.representatives[0],
        second,
        reverse("assessments:own-later", args=[one.pk]),
        ("text", "It saved us a year.", "It saved us nothing."),
        {"worth": "7"},
        {"currency": "GBP"},
    )


def assessment_request(world: World, sign_in: Any) -> Case:
    """What a company asks: two people of it."""
    second = PersonFactory(name="Greek second representative")
    SeatFactory(person=second, organisation=world.a.members[0], role=Role.REPRESENTATIVE)
    one = make_engagement(world)
    AnswerFactory(engagement=one)
    return Case(
        world.a.representatives[0],
        second,
        reverse("assessments:own-edit", args=[one.pk]),
        ("product", "Sounds for games", "Sounds for films"),
        {"title": "Would studios subscribe?"},
        {"answer_1": "Small studios and one large."},
    )


def assessment_brief(world: World, sign_in: Any) -> Case:
    """The brief of an assessment: both sides."""
    one = make_engagement(world, state="brief", due_on=timezone.localdate() + timedelta(days=60))
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("assessments:brief-edit", args=[one.partnership_id, one.pk]),
        ("goal", "Enter or not.", "How to enter."),
        {"scope": "Studios"},
        {"delivers": "A report"},
    )


def assessment_step(world: World, sign_in: Any) -> Case:
    """A step of a plan: the advisers of both sides."""
    one = make_engagement(world, state="working")
    for party in world.partnership.parties.all():
        side = world.a if party.side == "A" else world.b
        AdviserFactory(engagement=one, party=party, person=side.ambassador)
        Interest.objects.create(
            partnership=world.partnership,
            person=side.ambassador,
            subject="assessment",
            subject_id=one.pk,
            conflicts=False,
            said_at=timezone.now(),
        )
    step, day = StepFactory(engagement=one), timezone.localdate() + timedelta(days=30)
    return Case(
        world.a.ambassador,
        world.b.ambassador,
        reverse("assessments:step-edit", args=[one.partnership_id, one.pk, step.pk]),
        ("title", "Talk to six studios", "Talk to four studios"),
        {"due_on": day.isoformat()},
        {"owner": f"person-{world.b.ambassador.pk}"},
    )


def partner_budget(world: World, sign_in: Any) -> Case:
    """The figures of a partner of a bid: both sides."""
    bid = BidFactory(partnership=world.partnership, call=CallFactory(steward=world.a.cluster))
    package = WorkPackageFactory(bid=bid)
    made = PartnerFactory(bid=bid, organisation=world.a.members[0])
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("bids:budget-partner", args=[bid.partnership_id, bid.pk, made.pk]),
        (f"months_{package.pk}", "6.50", "7.50"),
        {"rate": "4800"},
        {f"travel_{package.pk}": "1200"},
    )


def package_needs(world: World, sign_in: Any) -> Case:
    """What a work package waits for: both sides."""
    bid = BidFactory(partnership=world.partnership, call=CallFactory(steward=world.a.cluster))
    first, second, third = (
        WorkPackageFactory(bid=bid, number=number, title=title)
        for number, title in ((1, "Measure"), (2, "Tell"), (3, "Sell"))
    )
    return Case(
        world.a.manager,
        world.b.ambassador,
        reverse("bids:plan-needs", args=[bid.partnership_id, bid.pk, third.pk]),
        ("needs", str(first.pk), str(second.pk)),
        {},
        {},
        shown=("1 · Measure", "2 · Tell"),
    )


def label_round(world: World, sign_in: Any) -> Case:
    """A round of a label that is planned: both managers."""
    version = make_scheme(world.partnership)
    made = RoundFactory(scheme_version=version, state="planned", published_at=None)
    return Case(
        world.a.manager,
        world.b.manager,
        reverse("partnerships:record", args=[world.partnership.pk, "label-round", made.pk]),
        ("title", "Summer", "Winter"),
        {"decides_on": "2027-12-01"},
        {"places": "5"},
    )


#: By the class of the form.
def call(world: World, sign_in: Any) -> Case:
    """A call for proposals: two managers of the cluster that brought it."""
    made = CallFactory(steward=world.a.cluster)
    return Case(
        world.a.manager,
        colleague(world),
        reverse("calls:edit", args=[made.pk]),
        ("title", "Sensors for harbours", "Sensors for ships"),
        {"programme": "Green Bridges"},
        {"action": "Pilots"},
    )


def public_page(world: World, sign_in: Any) -> Case:
    """The draft of a public page: both sides."""
    PageFactory(partnership=world.partnership)
    return Case(
        world.a.ambassador,
        world.b.manager,
        reverse("alliances:edit", args=[world.partnership.pk]),
        ("headline", "Clean ports", "Clean lakes"),
        {"about": "Water for all."},
        {"audience": "Towns at the sea."},
    )


CASES: dict[str, Callable[[World, Any], Case]] = {
    "RequestForm": assessment_request,
    "BriefForm": assessment_brief,
    "StepForm": assessment_step,
    "OrganisationForm": entry,
    "ListingForm": listing,
    "AnswersForm": interest,
    "ClusterProfileForm": cluster_profile,
    "ColumnsForm": columns,
    "ProposalForm": partnership_draft,
    "TextForm": agreement,
    "EventForm": facts,
    "DaysForm": days,
    "TablesForm": tables,
    "GroupsForm": groups,
    "RulesForm": rules,
    "RegistrationForm": registration,
    "ProfileForm": profile,
    "PlaceForm": place,
    "NoteForm": note,
    "WebhookForm": webhook,
    "ChangeSharingForm": sharing,
    "RoomForm": risk,
    "ExitForm": exit_plan,
    "AssessmentForm": own_view,
    "CatchUpForm": catch_up,
    "MinutesForm": minutes,
    "MandateForm": mandate,
    "ServiceForm": service,
    "ItemForm": template_line,
    "CaseForm": introduction,
    "WorkNoteForm": work_note,
    "FindingForm": finding,
    "AdviceForm": advice,
    "FetchedForm": fetched_figure,
    "BroughtForm": brought_figure,
    "SummaryForm": report_summary,
    "HandOverForm": hand_over,
    "LaterForm": later,
    "CallForm": call,
    "PageForm": public_page,
    "PartnerBudgetForm": partner_budget,
    "NeedsForm": package_needs,
    "RoundForm": label_round,
}
