"""Real files, with their quirks: CORDIS as published, and a French list of projects and companies."""

import csv
import zipfile

import pytest
from django.utils import timezone

from proxeny.directory import operations
from proxeny.directory.models import (
    Identifier,
    Kind,
    Membership,
    Organisation,
    Project,
    ProjectPart,
)
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import DATA, reader_of

ORGS = DATA / "cordis_h2020_orgs_2023"
PARTICIPATIONS = DATA / "cordis_h2020_participations" / "participations_2014_2018.csv.gz"
ILAB = DATA / "ilab_fr" / "ilab_companies.csv"
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not ORGS.exists(), reason="the shared data folder is not here"),
]


@pytest.fixture
def bring(world):
    """`bring(path, **wanted)` imports a file as the manager of side A; returns the import."""

    def run(path, **wanted):
        reader = reader_of(world.a.manager)
        with acting_as(WEB, reader):
            return operations.import_file(
                actor=reader,
                cluster_id=world.a.cluster.pk,
                path=path,
                now=timezone.now(),
                wanted=operations.Wanted(**wanted),
            )

    return run


def counts(brought):
    return brought.added, brought.changed, brought.unchanged, brought.left_out


@pytest.mark.slow
def test_organisations_of_cordis(world, bring, record_property):
    path = ORGS / "organizations_union.csv"
    started = timezone.now()
    brought = bring(path)
    record_property("CORDIS, 5,149 rows", f"{(timezone.now() - started).total_seconds():.1f} s")
    assert (brought.source, brought.rows) == ("cordis", 5149)
    assert brought.added == 3114
    assert (brought.report["again"], brought.problem_count) == (5149 - 3114, 0)
    made = Organisation.objects.filter(steward=world.a.cluster, identifiers__scheme="pic")
    assert made.count() == 3114
    # They are known to the cluster, and no members of it.
    assert not Membership.objects.filter(organisation__in=made).exists()
    assert set(made.values_list("visibility", flat=True)) == {"cluster"}
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    first = {row["organisationID"]: row["country"] for row in reversed(rows)}
    for code, country in (("GR", "EL"), ("FR", "FR"), ("GB", "UK")):
        assert made.filter(country=code).count() == [*first.values()].count(country), country
    assert {"company", "university", "lab", "public", "other"} == set(
        made.values_list("kind", flat=True)
    )
    assert made.exclude(latitude=None).count() > 2800
    assert Identifier.objects.filter(scheme="vat", organisation__in=made).count() > 2000
    own = Project.objects.filter(steward=world.a.cluster)
    assert own.count() == len({row["projectID"] for row in rows})
    parts = ProjectPart.objects.filter(organisation__in=made)
    assert parts.count() == len({(row["projectID"], row["organisationID"]) for row in rows})
    assert parts.filter(role="coordinator").count() > 500
    assert parts.exclude(contribution=None).count() > 3000
    # The same file again changes nothing.
    again = bring(path)
    assert counts(again) == (0, 0, 3114, 0)
    assert parts.count() == len({(row["projectID"], row["organisationID"]) for row in rows})
    assert AuditEntry.objects.filter(verb="import_organisation").count() == 3114


@pytest.mark.slow
def test_topics_and_participations_tell_of_what_is_known(world, bring):
    bring(ORGS / "organizations_union.csv", options={"only": "GR"})
    assert Organisation.objects.filter(steward=world.a.cluster).exclude(country="GR").count() == 0
    topics = bring(ORGS / "topics.csv")
    assert (topics.source, topics.rows) == ("projects", 35_383)
    own = Project.objects.filter(steward=world.a.cluster)
    assert topics.changed == own.exclude(call="").count() > 100
    assert topics.left_out > 30_000
    assert bring(ORGS / "topics.csv").changed == 0
    taken = bring(PARTICIPATIONS)
    assert (taken.source, taken.rows) == ("projects", 91_334)
    assert taken.added == ProjectPart.objects.filter(project__source="cordis-rcn").count() > 1000
    assert bring(PARTICIPATIONS).added == 0


@pytest.mark.slow
def test_archive_as_cordis_publishes_it(world, bring, tmp_path):
    path = tmp_path / "cordis-h2020projects-csv.zip"
    project = "id,acronym,title,startDate,endDate,ecMaxContribution,objective\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.csv", project + "651036,iBoard,A board,2014-10-01,,50000,Why\n")
        archive.write(ORGS / "organizations_union.csv", "organization.csv")
        archive.write(ORGS / "topics.csv", "topics.csv")
    assert bring(path).added == 3114
    assert bring(path, sheet="project.csv").changed == 1
    assert Project.objects.get(reference="651036").title == "A board"


@pytest.mark.slow
def test_french_list_of_projects_and_companies(world, bring):
    gentle = {"nameless": "skip", "repeats": "first", "unreadable": "blank", "country": "FR"}
    mapping = {
        "name": "Libellé entreprise",
        "national": "N° SIREN",
        "region": "Région",
        "summary": "Moto",
        "website": "Site web entreprise",
        "sectors": "Domaine technologique",
    }
    brought = bring(ILAB, mapping=mapping, options=gentle)
    made = Organisation.objects.filter(steward=world.a.cluster, identifiers__scheme="national")
    assert (brought.rows, brought.problem_count) == (3923, 0)
    assert brought.added > 1500
    assert made.filter(sort_name="nmrtec", region="Occitanie").count() == 1
    assert not made.filter(kind=Kind.CLUSTER).exists()
    siren = Identifier.objects.get(organisation__sort_name="nmrtec", scheme="national")
    assert siren.value == "FR433572203"
    again = bring(ILAB, mapping=mapping, options=gentle)
    assert (again.added, again.changed) == (0, 0)
