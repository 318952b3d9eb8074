"""Whole studies as RO-Crates: given by the page, read back, taken, and equal again."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from proxeny.engine.package import check_crate, read_crate, write_crate
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.research.content import to_content
from proxeny.research.models import Arrival, Contributor, PackageFile, Study, Use
from proxeny.research.operations.gathering import gather_all
from proxeny.research.queries.arrivals import CHECK, TAKE
from tests.engine.package.test_judges import ABSENT, cache, judge  # noqa: F401  (a fixture)
from tests.research.packing import left
from tests.research.publishing import fates, publish, whole_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


def crate_of(client, study):
    url = reverse("research:crate", args=[study.partnership_id, study.pk])
    answer = client.get(url)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def bring(client, world, raw, name="study.zip"):
    """Bring an archive by the page's form, check it, and return what became of it."""
    file = io.BytesIO(raw)
    file.name = name
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("research:arrivals", args=[world.partnership.pk]), {"file": file})
        one = Arrival.objects.latest("pk")
        jobs.run(Job.objects.get(key=f"{CHECK}:{one.pk}").pk)
    one.refresh_from_db()
    return one


def take(client, one):
    """Take what was shown."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        client.post(reverse("research:arrival-take", args=[one.partnership_id, one.pk]))
        jobs.run(Job.objects.filter(kind=TAKE).latest("pk").pk)
    one.refresh_from_db()
    return one


def plain(study, beside):
    """Return what two studies can both say: without names that only one place has, and its days."""
    order = {one: f"cited {at}" for at, one in enumerate(study.authors)}
    people = sorted(
        (order.get(one.id, ""), one.name, one.roles, one.organisation != "") for one in study.people
    )
    names = {one.id: one.name for one in study.organisations}
    folders = {one.path: f"data/{at}/" for at, one in enumerate(study.datasets)}

    def at(path):
        return re.sub(r"data/\d+-[^/]+/", lambda found: folders[found[0]], path)

    return {
        "said": (
            study.title,
            study.question,
            study.description,
            study.language,
            study.doi,
            study.licence,
            study.licences,
            study.keywords,
            names.get(study.publisher),
        ),
        "people": people,
        "organisations": sorted(names.values()),
        "authors": [
            next((p.name for p in study.people if p.id == one), names.get(one))
            for one in study.authors
        ],
        "funding": [names[one.funder] for one in study.funding],
        "datasets": [
            replace(
                one,
                path=at(one.path),
                created=None,
                files=tuple(replace(file, path=at(file.path)) for file in one.files),
            )
            for one in study.datasets
        ],
        "advice": [
            (
                one.title,
                one.text,
                names.get(one.addressee, one.addressee),
                [
                    (piece.kind, piece.note, at(piece.file), piece.rows, piece.columns)
                    for piece in one.evidence
                ],
            )
            for one in study.recommendations
        ],
        "elements": beside.elements,
        "results": sorted(
            (replace(one, id="") for one in beside.results), key=lambda one: one.title
        ),
        "roles": {names[one]: role for one, role in beside.roles.items()},
        "terms": {at(folder): terms for folder, terms in beside.terms.items()},
    }


def test_a_study_that_is_taken_from_its_crate_is_equal_again(world, sign_in, reading):
    study = whole_study(world, doi="10.5281/zenodo.1234567")
    fates(study)
    client = sign_in(world.a.manager)
    raw = crate_of(client, study)
    assert Use.objects.get().where == "crate"
    one = bring(client, world, raw)
    assert (one.state, one.problems, one.extra) == ("shown", [], [])
    page = reverse("research:arrival", args=[world.partnership.pk, one.pk])
    text = client.get(page).content.decode()
    assert "Ada Example" in text
    assert "Import the study" in text
    assert Study.objects.count() == 1
    taken = take(client, one).study
    assert (taken.state, taken.begun_on) == ("planning", None)
    with reading(world.a.manager):
        before, after = gather_all(study), gather_all(taken)
    assert plain(after.study, after.beside) == plain(before.study, before.beside)
    # The archive itself is not kept; its files are there once.
    with reading(world.a.manager):
        assert len(left()) == len({file.sha256 for file in before.study.files})
    assert set(
        Recommendation.objects.filter(source_id=taken.pk).values_list("state", flat=True)
    ) == {"draft"}
    cited = Evidence.objects.get(recommendation__source_id=taken.pk, kind="data")
    assert PackageFile.objects.get(pk=cited.target_id).version.package.study == taken
    assert cited.place == "row=5-7&col=wage"
    assert "Go to the study" in client.get(page).content.decode()


def test_the_crate_of_the_taken_study_is_sound_too(world, sign_in):
    study = whole_study(world)
    client = sign_in(world.b.ambassador)
    taken = take(client, bring(client, world, crate_of(client, study))).study
    assert check_crate(io.BytesIO(crate_of(client, taken))) == ()


@pytest.mark.slow
def test_the_public_validator_takes_what_the_page_gives(world, sign_in, tmp_path, cache):  # noqa: F811
    study = whole_study(world)
    fates(study)
    folder = tmp_path / "crate"
    with zipfile.ZipFile(io.BytesIO(crate_of(sign_in(world.a.manager), study))) as archive:
        archive.extractall(folder)
    said = judge(folder, cache)
    assert said["REQUIRED"] == set()
    # Who funds a study has a funder of its own only in other worlds than ours.
    absent = (*ABSENT, "An Organization referenced as `funder`")
    assert {one for one in said["RECOMMENDED"] if not one.startswith(absent)} == set()


def test_the_world_gets_the_files_of_open_packages_alone(world):
    study = whole_study(world)
    one = publish(world, study)
    answer = Client().get(reverse("research:public-crate", args=[one.slug]))
    crate = read_crate(io.BytesIO(b"".join(answer.streaming_content)))
    assert [file.path.rpartition("/")[2] for file in crate.study.files] == ["answers.csv"]
    assert [one.title for one in crate.study.datasets] == [
        "Answers of 40 studios",
        "Interviews",
        "Names",
    ]
    assert crate.study.published == one.published_at.date()
    assert "Two people" not in str(crate.extra)
    assert crate.study.recommendations[0].evidence[0].rows == (5, 7)
    assert Use.objects.get().where == "crate"


def test_only_the_room_takes_the_whole_study(world, sign_in):
    study = whole_study(world)
    url = reverse("research:crate", args=[world.partnership.pk, study.pk])
    assert Client().get(url).status_code == 302
    for person in (world.c.manager, world.nobody_special, world.a.representatives[0]):
        assert sign_in(person).get(url).status_code == 404
    assert not Use.objects.exists()


def test_a_study_that_cannot_be_written_says_why(world, sign_in):
    study = whole_study(world)
    PackageFile.objects.filter(path="answers.csv").update(path="datapackage.json")
    url = reverse("research:crate", args=[world.partnership.pk, study.pk])
    page = sign_in(world.a.manager).get(url, follow=True).content.decode()
    assert "The study can’t be downloaded as it is." in page
    assert not Use.objects.exists()


def test_a_study_of_others_is_shown_and_taken_as_far_as_we_understand_it(world, sign_in, reading):
    study = whole_study(world)
    with reading(world.a.manager):
        told = gather_all(study).study
    other = replace(
        told,
        licence="https://licences.example/odd",
        datasets=(),
        recommendations=(),
        actions=(),
        licences=(replace(told.licences[0], id="https://licences.example/odd", name="Odd"),),
    )
    extra = [{"@id": "#sensor", "@type": "IndividualProduct", "name": "A sensor"}]
    raw = b"".join(write_crate(other, lambda file: iter(()), extra=extra))
    client = sign_in(world.a.manager)
    one = bring(client, world, raw)
    assert one.state == "shown"
    assert one.extra == extra
    text = client.get(
        reverse("research:arrival", args=[world.partnership.pk, one.pk])
    ).content.decode()
    assert "A sensor" in text
    taken = take(client, one).study
    assert taken.licence == "own"
    assert Contributor.objects.filter(study=taken, name="Ada Example").exists()
    assert to_content(told)["title"] == taken.title
