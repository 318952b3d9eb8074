"""Shorthands of the tests of publications: a study with everything in it, put before all and signed."""

from datetime import timedelta

from django.utils import timezone

from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Action, Agreement, Evidence, Party
from proxeny.partnerships.operations import signing
from proxeny.research.models import Publication
from proxeny.research.operations.publishing import ask_publication, prepare_publication
from tests.conftest import reader_of
from tests.factories import research as made
from tests.factories import rooms
from tests.research.advising import advice_of, file_of, rest

NOW = timezone.now()
ORCID = "https://orcid.org/0000-0002-1825-0097"


def whole_study(world, **given):
    """Make a study that lacks nothing: people, an open, a restricted and a closed package, advice."""
    study = made.StudyFactory(
        partnership=world.partnership,
        state="running",
        begun_on=NOW.date() - timedelta(days=60),
        summary="Small studios earn a third of it abroad.",
        why="Nobody has counted it.",
        expected="Studios ask for fair wages.",
        methods="Forty interviews.",
        ethics="No names.",
        data_plan="Tables stay open.",
        resources="Two people, 4,000 euros.",
        keywords="wages, studios abroad",
        **given,
    )
    sides = {one.side: one for one in Party.objects.filter(partnership=world.partnership)}
    made.ContributorFactory(
        study=study, name="Ada Example", identifier=ORCID, cited=True, party=sides["A"]
    )
    made.ContributorFactory(
        study=study, name="Ben Example", role="data", affiliation="Example University"
    )
    made.ContributorFactory(
        study=study, name="Example Ministry", kind="organisation", role="funder"
    )
    made.ContributorFactory(
        study=study,
        name=world.b.cluster.name,
        kind="organisation",
        role="practice",
        party=sides["B"],
        cited=True,
    )
    opened = made.PackageFactory(study=study, keywords="wages")
    file = file_of(study, package=opened)
    asked = made.PackageFactory(
        study=study,
        title="Interviews",
        access="request",
        terms="Name nobody.",
        licence="own",
        details="One text is one interview.",
    )
    text = file_of(study, "Q: How? A: Well.\n", "interviews.txt", package=asked)
    type(text).objects.filter(pk=text.pk).update(media_type="text/plain")
    closed = made.PackageFactory(study=study, title="Names", access="closed")
    file_of(study, "name,town\nCarla,Paris\n", "names.csv", package=closed)
    made.ResultFactory(study=study)
    made.ResultFactory(
        study=study,
        kind="outcome",
        title="Three studios pay more",
        benefits="clusters",
        reached=3,
        proof="A letter",
        proof_url="https://studios.example/letter",
    )
    advice = advice_of(study, details="A third of them are not paid.", state="proposed")
    rest(advice, file)
    Evidence.objects.create(
        partnership=world.partnership,
        recommendation=advice,
        kind="interview",
        text="Interns said so",
        url="https://studios.example/said",
    )
    advice_of(study, "Draft of ours")
    return study


def fates(study):
    """Let what is proposed be decided, acted on and adopted."""
    one = advice_of(
        study,
        "Keep count",
        state="adopted",
        reason="It is right.",
        adoption="See the minutes.",
        decided_on=NOW.date() - timedelta(days=9),
        adopted_on=NOW.date(),
    )
    rooms.ActionFactory(
        partnership=study.partnership,
        origin=Action.Origin.RECOMMENDATION,
        origin_id=one.pk,
        title="Count each spring",
        done_on=NOW.date(),
        due_on=NOW.date(),
    )
    return one


def put(world, study, person=None):
    """Put a study before all sides, as it stands; as A's manager."""
    person = person or world.a.manager
    study.refresh_from_db()
    with acting_as(WEB, reader_of(person)):
        seen = prepare_publication(study, today=NOW.date()).checksum
        return ask_publication(
            actor=reader_of(person),
            partnership_id=world.partnership.pk,
            study_id=study.pk,
            seen=seen,
            now=timezone.now(),
        )


def sign(world, agreement, person=None):
    """Sign for B."""
    person = person or world.b.manager
    with acting_as(WEB, reader_of(person)):
        return signing.sign_text(
            actor=reader_of(person),
            partnership_id=world.partnership.pk,
            agreement_id=agreement.pk,
            text_hash=agreement.text_hash,
            now=timezone.now(),
        )


def publish(world, study):
    """Publish a study with both signatures."""
    sign(world, put(world, study))
    return Publication.objects.filter(study=study).order_by("-number").first()


def text_of(world):
    """Return the text that waits."""
    return Agreement.objects.filter(kind="study").order_by("-pk").first()
