"""The library of figures: who brings, refreshes, changes and puts away what, and what is kept of it."""

from datetime import timedelta

import pytest

from proxeny.assessments.models import Figure, FigureVersion
from proxeny.assessments.operations import fetching, figures
from proxeny.assessments.operations.figures import FigureFacts
from proxeny.assessments.queries import figures as queries
from proxeny.assessments.statistics.sdmx import Query
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Job
from proxeny.partnerships.models import Interest, Partnership
from tests.assessments.doing import NOW, do
from tests.assessments.offices import Offices, answering
from tests.factories.assessments import (
    FigureFactory,
    FigureVersionFactory,
    FindingFactory,
    FindingSourceFactory,
    make_engagement,
)

pytestmark = pytest.mark.django_db

TABLE = "Year;France;Greece\n2023;12,5;7\n2024;13,25;\n"
FACTS = FigureFacts(
    "Turnover of sound studios",
    "million euros",
    "bar",
    "Ministry of culture",
    "https://culture.example/studios",
    "CC BY 4.0",
)
GDP = Query("ESTAT", "nama_10_gdp", "A.CP_MEUR.B1GQ.EL+FR", "2022", "")
GDP_PATH = "/estat/data/nama_10_gdp/A.CP_MEUR.B1GQ.EL+FR"
GDP_FACTS = FigureFacts("GDP of both countries")


@pytest.fixture
def offices(settings):
    with answering() as opened:
        settings.STATISTICS_AT = opened.places()
        yield opened


def bring(world, person=None, **changes):
    values = {"partnership_id": world.partnership.pk, "facts": FACTS, "text": TABLE, **changes}
    return do(person or world.a.ambassador, figures.bring_table, **values)


def fetch(world, offices: Offices, person=None) -> Job:
    offices.say(GDP_PATH, "estat_nama_10_gdp.xml")
    job = do(
        person or world.a.ambassador,
        fetching.start_fetch,
        partnership_id=world.partnership.pk,
        query=GDP,
        facts=GDP_FACTS,
    )
    jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def last_deed() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


def test_a_table_is_kept_with_its_source_and_day(world):
    figure = bring(world)
    assert (figure.title, figure.origin, figure.unit, figure.shape, figure.licence) == (
        "Turnover of sound studios",
        "csv",
        "million euros",
        "bar",
        "CC BY 4.0",
    )
    [version] = figure.versions.all()
    assert version.series == [
        {"name": "France", "points": [["2023", 12.5], ["2024", 13.25]]},
        {"name": "Greece", "points": [["2023", 7.0]]},
    ]
    assert (version.number, version.query, version.changes, version.brought_at) == (1, "", {}, NOW)
    assert version.brought_by == world.a.ambassador
    assert queries.tell_source(figure, version) == (
        "Ministry of culture, uploaded on 1 March 2083, CC BY 4.0"
    )
    deed = last_deed()
    assert (deed.verb, deed.organisation_id, deed.partnership_id, deed.changes) == (
        "bring_figure",
        world.a.cluster.pk,
        world.partnership.pk,
        {"title": "Turnover of sound studios"},
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"source": ""}, "source"),
        ({"licence": " "}, "licence"),
        ({"url": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"shape": "pie"}, "shape"),
        ({"title": "x" * 201}, "title"),
        ({"unit": "x" * 81}, "unit"),
    ],
)
def test_what_a_table_needs_is_asked_for(world, changes, field):
    from dataclasses import replace

    with pytest.raises(InvalidInput) as caught:
        bring(world, facts=replace(FACTS, **changes))
    assert caught.value.field == field
    assert not Figure.objects.exists()


def test_nothing_is_kept_while_a_cell_does_not_fit(world):
    with pytest.raises(InvalidInput) as caught:
        bring(world, text=TABLE.replace("13,25", "many"))
    assert (str(caught.value), caught.value.field) == (
        ("Row 3, column France: “many” isn’t a number. Leave the cell empty if there’s no value."),
        "text",
    )
    assert not FigureVersion.objects.exists()


def test_only_the_teams_of_an_active_partnership_bring_figures(world):
    for person in (world.a.manager, world.b.ambassador, world.b.manager):
        bring(world, person)
    for person, error in (
        (world.c.manager, NotFound),
        (world.a.representatives[0], NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(error):
            bring(world, person)
    Partnership.objects.update(state=Partnership.State.ENDED)
    with pytest.raises((Conflict, NotFound, NotAllowed)):
        bring(world)
    assert Figure.objects.count() == 3


def test_an_office_is_asked_by_a_job_and_its_answer_kept(world, offices):
    job = fetch(world, offices)
    figure = Figure.objects.get()
    assert (job.state, job.result) == ("done", {"figure_id": figure.pk, "number": 1})
    address = f"{offices.address}{GDP_PATH}?startPeriod=2022"
    assert (figure.title, figure.origin, figure.agency, figure.flow, figure.key, figure.since) == (
        "GDP of both countries",
        "sdmx",
        "ESTAT",
        "nama_10_gdp",
        GDP.key,
        "2022",
    )
    assert (figure.source, figure.licence, figure.unit, figure.url) == (
        "Eurostat, nama_10_gdp",
        "CC BY 4.0",
        "CP_MEUR",
        address,
    )
    [version] = figure.versions.all()
    assert version.query == address
    assert [one["name"] for one in version.series] == ["Greece", "France"]
    assert queries.tell_source(figure, version).startswith("Eurostat, nama_10_gdp, fetched on ")
    assert queries.tell_source(figure, version).endswith(", CC BY 4.0")
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", "changes")) == [
        ("ask_office", {"address": address}),
        ("bring_figure", {"title": "GDP of both countries"}),
    ]
    jobs.run(job.pk)
    assert Figure.objects.count() == 1


def test_the_same_query_is_asked_once_at_a_time_and_five_at_once(world, offices):
    def start(**changes):
        query = Query(**{**{name: getattr(GDP, name) for name in Query.__slots__}, **changes})
        return do(
            world.a.ambassador,
            fetching.start_fetch,
            partnership_id=world.partnership.pk,
            query=query,
            facts=GDP_FACTS,
        )

    first = start()
    assert start() == first
    with pytest.raises(InvalidInput):
        start(flow="a b")
    for year in range(2000, 2004):
        do(
            world.b.ambassador,
            fetching.start_fetch,
            partnership_id=world.partnership.pk,
            query=Query("ECB", "EXR", "", str(year)),
            facts=GDP_FACTS,
        )
    with pytest.raises(Conflict, match="5 queries for this partnership are already running"):
        start(since="1999")
    assert Job.objects.count() == 5
    assert AuditEntry.objects.filter(verb="ask_office").count() == 5


def test_what_an_office_does_not_have_is_told_in_the_person_s_language(world, offices):
    world.a.ambassador.language = "fr"
    world.a.ambassador.save()
    job = do(
        world.a.ambassador,
        fetching.start_fetch,
        partnership_id=world.partnership.pk,
        query=Query("ESTAT", "nothing"),
        facts=GDP_FACTS,
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["field"], job.error) == ("done", "flow", "")
    assert "nothing" in job.result["refused"]
    assert not Figure.objects.exists()


def test_an_office_that_is_down_fails_the_work_so_that_it_can_be_tried_again(world, offices):
    offices.say("/estat/data/x", b"", status=503)
    job = do(
        world.a.ambassador,
        fetching.start_fetch,
        partnership_id=world.partnership.pk,
        query=Query("ESTAT", "x"),
        facts=GDP_FACTS,
    )
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (
        "failed",
        "Eurostat returned an error (503). Try again later.",
    )


def test_who_has_left_meanwhile_keeps_nothing(world, offices):
    offices.say(GDP_PATH, "estat_nama_10_gdp.xml")
    job = do(
        world.a.ambassador,
        fetching.start_fetch,
        partnership_id=world.partnership.pk,
        query=GDP,
        facts=GDP_FACTS,
    )
    world.a.ambassador.seats.all().delete()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Figure.objects.count()) == ("failed", 0)


def refresh(figure, person) -> Job:
    job = do(person, fetching.start_refresh, figure_id=figure.pk, now=NOW + timedelta(days=28))
    jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def test_a_refresh_adds_a_version_with_the_difference(world, offices):
    fetch(world, offices)
    figure = Figure.objects.get()
    first = figure.versions.get()
    offices.say(GDP_PATH, "estat_nama_10_gdp_later.xml")
    job = refresh(figure, world.b.ambassador)
    assert job.result == {"figure_id": figure.pk, "number": 2}
    second = figure.versions.get(number=2)
    assert second.changes == {
        "added": 1,
        "gone": 1,
        "changed": [["Greece", "2023", 225197.1, 224686.0]],
        "changed_count": 1,
    }
    assert second.brought_by == world.b.ambassador
    assert figure.versions.get(number=1).series == first.series
    assert (last_deed().verb, last_deed().changes) == (
        "refresh_figure",
        {"number": 2, "added": 1, "gone": 1, "changed": 1},
    )


def test_a_version_that_says_the_same_is_not_added(world, offices):
    fetch(world, offices)
    figure = Figure.objects.get()
    assert queries.last_checked(figure) is None
    assert refresh(figure, world.b.ambassador).result == {"figure_id": figure.pk, "number": None}
    assert figure.versions.count() == 1
    assert last_deed().verb == "check_figure"
    assert list(last_deed().changes) == ["checked_at"]
    assert queries.last_checked(figure) == last_deed().at


def test_a_table_is_renewed_in_the_same_way(world):
    figure = bring(world)
    person = world.b.ambassador
    assert do(person, figures.renew_table, figure_id=figure.pk, text=TABLE) is None
    made = do(
        person,
        figures.renew_table,
        figure_id=figure.pk,
        text="Year,France\n2023,12.5\n2024,14\n2025,15\n",
    )
    assert (made.number, made.changes) == (
        2,
        {
            "added": 1,
            "gone": 1,
            "changed": [["France", "2024", 13.25, 14.0]],
            "changed_count": 1,
        },
    )
    with pytest.raises(Conflict, match="This figure was uploaded as a table"):
        do(person, fetching.start_refresh, figure_id=figure.pk)


def test_a_figure_of_an_office_is_not_renewed_by_a_table(world, offices):
    fetch(world, offices)
    with pytest.raises(Conflict, match="fetched from a statistical office"):
        do(world.a.manager, figures.renew_table, figure_id=Figure.objects.get().pk, text=TABLE)


def test_versions_are_never_rewritten(world, reading):
    figure = bring(world)
    with reading(world.a.manager):
        from django.db import ProgrammingError, transaction

        for deed in (lambda: figure.versions.update(series=[]), figure.versions.all().delete):
            with pytest.raises(ProgrammingError), transaction.atomic():
                deed()


def test_what_is_said_of_a_figure_changes_and_its_values_stay(world):
    from dataclasses import replace

    figure = bring(world)
    do(
        world.b.manager,
        figures.change_figure,
        figure_id=figure.pk,
        version=1,
        facts=replace(FACTS, title="Turnover", shape="line"),
    )
    figure.refresh_from_db()
    assert (figure.title, figure.shape, figure.version, figure.versions.count()) == (
        "Turnover",
        "line",
        2,
        1,
    )
    assert last_deed().changes == {
        "title": ["Turnover of sound studios", "Turnover"],
        "shape": ["bar", "line"],
    }
    with pytest.raises(Conflict):
        do(world.a.manager, figures.change_figure, figure_id=figure.pk, version=1, facts=FACTS)


def test_the_source_of_an_office_s_figure_stays(world, offices):
    fetch(world, offices)
    figure = Figure.objects.get()
    do(
        world.b.manager,
        figures.change_figure,
        figure_id=figure.pk,
        version=1,
        facts=FigureFacts("GDP", source="Somebody", licence="None", url="https://x.example"),
    )
    figure.refresh_from_db()
    assert (figure.title, figure.source, figure.licence) == (
        "GDP",
        "Eurostat, nama_10_gdp",
        "CC BY 4.0",
    )


def test_a_figure_is_put_away_and_brought_back_unless_a_finding_rests_on_it(world):
    figure = bring(world)
    do(world.b.manager, figures.drop_figure, figure_id=figure.pk)
    figure.refresh_from_db()
    assert figure.dropped_at == NOW
    with pytest.raises(Conflict, match="Restore it first"):
        do(world.a.manager, figures.renew_table, figure_id=figure.pk, text=TABLE)
    do(world.a.manager, figures.restore_figure, figure_id=figure.pk)
    with pytest.raises(Conflict, match="isn’t archived"):
        do(world.a.manager, figures.restore_figure, figure_id=figure.pk)
    finding = FindingFactory(engagement=make_engagement(world))
    FindingSourceFactory(finding=finding, figure=figure.versions.get())
    # Also one that the actor may not see: who has a conflict of interest learns nothing more.
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="assessment",
        subject_id=finding.engagement_id,
        conflicts=True,
        said_at=NOW,
    )
    for person in (world.a.manager, world.b.manager):
        with pytest.raises(Conflict, match="A finding is based on this figure"):
            do(person, figures.drop_figure, figure_id=figure.pk)
    finding.dropped_at = NOW
    finding.save()
    do(world.a.manager, figures.drop_figure, figure_id=figure.pk)


def test_who_reads_the_library_and_its_citations(world, reading):
    figure = FigureFactory(partnership=world.partnership)
    version = FigureVersionFactory(figure=figure)
    finding = FindingFactory(engagement=make_engagement(world))
    FindingSourceFactory(finding=finding, figure=version)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.ambassador,
        subject="assessment",
        subject_id=finding.engagement_id,
        conflicts=True,
        said_at=NOW,
    )

    def seen(person):
        with reading(person):
            found = list(queries.find_figures(world.partnership.pk))
            return [(one.pk, one.citations, len(queries.citations_of(one))) for one in found]

    for person in (world.a.manager, world.a.ambassador, world.b.manager):
        assert seen(person) == [(figure.pk, 1, 1)]
    # Who declared a conflict sees the figure, and not the finding that cites it.
    assert seen(world.b.ambassador) == [(figure.pk, 0, 0)]
    # The client, other members and strangers see nothing of the library.
    for person in (
        *world.a.representatives,
        *world.b.representatives,
        world.c.manager,
        world.nobody_special,
    ):
        assert seen(person) == []
