"""Shorthands of the tests of public pages: a room with all that a page can show, and its signatures."""

from datetime import date

from django.utils import timezone

from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.operations.pages import write_page
from proxeny.alliances.operations.publishing import ask_page, prepare_page
from proxeny.alliances.queries.pages import get_page, list_versions
from proxeny.directory.models import Organisation
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import parties, signing
from proxeny.partnerships.queries import get_partnership, parties_of
from tests.conftest import reader_of
from tests.factories import rooms
from tests.factories.alliances import PageFactory
from tests.factories.bids import BidFactory, PartnerFactory
from tests.factories.calls import CallFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import AgreementFactory, SignOffFactory
from tests.factories.research import PublicationFactory, StudyFactory
from tests.partnerships.rooms import TODAY, do

SINCE = date(2021, 3, 1)
WORDS = {
    "headline": "Small ports, clean water",
    "about": "Clusters of several coasts keep harbours clean.",
    "audience": "Ports and their towns.",
    "joining": "Come to a meeting.",
    "contact": "Office@Ports.example",
    "language": "en",
}


def fill_room(world):
    """Give the room goals, activities, a won bid with its sum, a published study, and supporters."""
    room = world.partnership
    Partnership.objects.filter(pk=room.pk).update(starts_on=SINCE)
    goal = rooms.ObjectiveFactory(partnership=room, title="Twelve clean harbours")
    result = rooms.KeyResultFactory(objective=goal, title="Harbours that measure", target=10)
    rooms.MeasurementFactory(result=result, value=4)
    rooms.ObjectiveFactory(partnership=room, title="A goal of ours alone")
    rooms.ActivityFactory(partnership=room, title="Measure in two harbours", state="doing")
    call = CallFactory(steward=world.a.cluster, title="Sensors for the sea")
    won = BidFactory(
        partnership=room,
        call=call,
        state="won",
        submitted_at=timezone.now(),
        decided_on=TODAY,
        granted=1200000,
    )
    BidFactory(
        partnership=room, call=call, state="lost", title="Lost at sea", submitted_at=timezone.now()
    )
    study = StudyFactory(
        partnership=room, title="What sensors see", state="running", begun_on=TODAY
    )
    PublicationFactory(study=study, slug="sensors-1", published_at=timezone.now())
    for name, visibility in (("Lab of Tunis", "public"), ("Shy port of Tunis", "partnership")):
        one = OrganisationFactory(
            name=name,
            country="TN",
            visibility=visibility,
            steward=world.a.cluster,
            website="https://lab.example",
        )
        PartnerFactory(bid=won, organisation=one, state="in")
    PartnerFactory(bid=won, organisation=world.b.members[0], state="in")


def keys(world):
    """Return the keys of what the room holds, by a word."""
    room = world.partnership.pk
    goal, own = rooms.ObjectiveFactory._meta.model.objects.filter(partnership=room).order_by("pk")
    bid = BidFactory._meta.model.objects.get(partnership=room, state="won")
    return {
        "goal": f"goal:{goal.pk}",
        "own": f"goal:{own.pk}",
        "activity": f"activity:{rooms.ActivityFactory._meta.model.objects.get().pk}",
        "bid": f"bid:{bid.pk}",
        "sum": f"bid:{bid.pk}:sum",
        "study": f"study:{StudyFactory._meta.model.objects.get(partnership=room).pk}",
        "lab": f"partner:{Organisation.objects.get(name='Lab of Tunis').pk}",
        "shy": f"partner:{Organisation.objects.get(name='Shy port of Tunis').pk}",
    }


def write(world, person=None, version=None, **values):
    """Write in the draft as somebody of the room would."""
    kept = Page.objects.filter(partnership=world.partnership).first()
    seen = version if version is not None else (kept.version if kept else 0)
    return do(
        person or world.a.manager,
        write_page,
        partnership_id=world.partnership.pk,
        version=seen,
        values=values,
    )


def draft(world, **values):
    """Make a draft that lacks nothing."""
    return PageFactory(partnership=world.partnership, **values)


def prepare(world, person=None):
    """Return what would be published, as somebody sees it."""
    with acting_as(WEB, reader_of(person or world.a.manager)):
        room = get_partnership(world.partnership.pk)
        return prepare_page(
            get_page(room.pk), room, parties_of(room), list_versions(room.pk), today=TODAY
        )


def put(world, person=None):
    """Put the page before all sides, as it stands."""
    seen = prepare(world, person).checksum
    return do(person or world.a.manager, ask_page, partnership_id=world.partnership.pk, seen=seen)


def sign(agreement, person):
    """Sign a text for somebody's side."""
    return do(
        person,
        signing.sign_text,
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.pk,
        text_hash=agreement.text_hash,
    )


def publish(world, *others):
    """Publish the page with the signatures of all sides; return the version."""
    agreement = put(world)
    for person in others or (world.b.manager,):
        sign(agreement, person)
    return PageVersion.objects.filter(partnership=world.partnership).latest("number")


def agree(world):
    """Have the agreement signed, without which nobody is invited."""
    agreement = AgreementFactory(partnership=world.partnership, completed_at=timezone.now())
    for one in world.partnership.parties.all():
        SignOffFactory(agreement=agreement, party=one)


def join(world):
    """Let C join, with the signatures of all."""
    Organisation.objects.filter(pk=world.c.cluster.pk).update(visibility="public")
    if not Agreement.objects.filter(partnership=world.partnership, kind="text").exists():
        agree(world)
    do(
        world.a.manager,
        parties.invite_party,
        note="",
        partnership_id=world.partnership.pk,
        organisation_id=world.c.cluster.pk,
    )
    asked = Agreement.objects.filter(kind="joining").latest("pk")
    sign(asked, world.b.manager)
    return sign(asked, world.c.manager)


def leave(world, person=None):
    """Let a side leave."""
    return do(
        person or world.c.manager,
        parties.leave_alliance,
        partnership_id=world.partnership.pk,
        reason="Other plans.",
    )
