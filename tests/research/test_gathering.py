"""Everything of a study as plain data."""

from dataclasses import replace

import pytest

from proxeny.engine.package import check_study
from proxeny.kernel.personal_data import ERASED_NAME
from proxeny.partnerships.models import Party
from proxeny.research.content import from_content, to_content
from proxeny.research.crate_extensions import entities_of, from_json, read_entities, to_json
from proxeny.research.models import Contributor, Result
from proxeny.research.operations.gathering import gather_all
from proxeny.research.rules import ELEMENTS
from tests.factories import research as made
from tests.research.publishing import NOW, ORCID, fates, whole_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


def test_a_whole_study_is_gathered_and_sound(world, reading):
    study = whole_study(world)
    fates(study)
    with reading(world.b.ambassador):
        told = gather_all(study).study
    assert check_study(told) == []
    assert [one.name for one in told.people] == ["Ada Example", "Ben Example"]
    assert told.people[0].id == ORCID
    assert told.people[0].roles == ("manager",)
    names = {one.id: one.name for one in told.organisations}
    assert names[told.people[0].organisation] == world.a.cluster.name
    assert names[told.people[1].organisation] == "Example University"
    assert [names.get(one, one) for one in told.authors] == [ORCID, world.b.cluster.name]
    assert names[told.funding[0].funder] == "Example Ministry"
    assert [one.access for one in told.datasets] == ["open", "restricted", "closed"]
    assert all(one.files for one in told.datasets)
    assert told.keywords == ("wages", "studios abroad")
    assert [one.title for one in told.recommendations] == [
        "Pay interns",
        "Draft of ours",
        "Keep count",
    ]
    data, interview = told.recommendations[0].evidence
    assert (data.file, data.rows, data.columns) == (
        told.datasets[0].files[0].path,
        (5, 7),
        ("wage",),
    )
    assert interview.note == "Interns said so (https://studios.example/said)"
    kept = told.recommendations[2]
    assert (kept.state, names[kept.addressee]) == ("adopted", world.partnership.title)
    assert kept.actions == (f"Count each spring (done on {NOW.date()})",)
    assert kept.proof[0].note == "See the minutes."
    assert kept.decision.endswith(f"adopted on {NOW.date()}")


def test_what_stays_in_the_room_does_not_leave_it(world, reading):
    study = whole_study(world)
    with reading(world.a.manager):
        gathered = gather_all(study, for_world=True)
    told = gathered.study
    assert [one.title for one in told.recommendations] == ["Pay interns"]
    assert [len(one.files) for one in told.datasets] == [1, 1, 0]
    assert "resources" not in gathered.beside.elements
    assert list(gathered.beside.terms.values()) == ["Name nobody."]
    assert check_study(told) == []


def test_erased_people_and_what_was_put_away_never_leave(world, reading):
    study = whole_study(world)
    Contributor.objects.filter(name="Ben Example").update(name=ERASED_NAME)
    Contributor.objects.filter(name="Example Ministry").update(dropped_at=NOW)
    Result.objects.update(dropped_at=NOW)
    study.packages.update(dropped_at=NOW)
    with reading(world.a.manager):
        gathered = gather_all(study)
    assert [one.name for one in gathered.study.people] == ["Ada Example"]
    assert gathered.study.funding == ()
    assert gathered.study.datasets == ()
    assert gathered.beside.results == ()
    # What is cited there is told, without a place.
    assert gathered.study.recommendations[0].evidence[0].file == ""
    assert check_study(gathered.study) == []


def test_a_study_of_nothing_but_a_question_is_sound(world, reading):
    study = made.StudyFactory(partnership=world.partnership)
    with reading(world.a.manager):
        told = gather_all(study).study
    assert check_study(told) == []
    assert told.description == study.question


def test_evidence_in_an_older_version_keeps_its_rows_where_the_file_is_the_same(world, reading):
    study = whole_study(world)
    package = study.packages.order_by("pk").first()
    old = package.versions.get().files.get()
    newer = made.PackageVersionFactory(package=package, number=2, released_at=NOW)
    same = made.PackageFileFactory(
        version=newer,
        path=old.path,
        sha256=old.sha256,
        size=old.size,
        table=old.table,
        dialect=old.dialect,
    )
    with reading(world.a.manager):
        assert gather_all(study).study.recommendations[0].evidence[0].rows == (5, 7)
    type(same).objects.filter(pk=same.pk).update(sha256="1" * 64)
    with reading(world.a.manager):
        piece = gather_all(study).study.recommendations[0].evidence[0]
    assert (piece.file, piece.rows) == ("", None)


def test_it_asks_as_often_for_three_as_for_one(world, reading, django_assert_num_queries):
    study = whole_study(world)
    with reading(world.a.manager), django_assert_num_queries(12):
        gather_all(study)
    side = Party.objects.filter(partnership=world.partnership).first()
    for number in range(3):
        made.ContributorFactory(study=study, name=f"Person {number}", party=side)
        made.ResultFactory(study=study)
        fates(study)
    with reading(world.a.manager), django_assert_num_queries(12):
        gather_all(study)


def test_what_stands_beside_a_study_comes_back_from_a_crate_and_from_json(world, reading):
    study = whole_study(world)
    with reading(world.a.manager):
        beside = gather_all(study).beside
    assert from_json(to_json(beside)) == beside
    other = {"@id": "#other", "@type": "Thing", "name": "Something"}
    found, extra = read_entities(
        [other, *entities_of(beside)],
        kinds=Result.Kind.values,
        benefits=Result.Benefits.values,
        elements=ELEMENTS,
        roles=Contributor.Role.values,
    )
    assert found == replace(beside, clusters=())
    assert extra == [other]


def test_entities_that_only_look_like_ours_are_left_as_they_are():
    odd = [
        {"@id": "#result-1", "genre": "outcome", "name": 5, "audience": "#x"},
        {"@id": "#element-why", "genre": "why", "text": ["a"]},
        {"@id": "#role-1", "@type": "Role", "roleName": "king", "author": {"@id": "#a"}},
        {"@id": "#terms-1", "genre": "terms", "text": 1, "about": None},
        {"@id": 7, "genre": ["outcome"]},
    ]
    found, extra = read_entities(
        odd,
        kinds=Result.Kind.values,
        benefits=Result.Benefits.values,
        elements=ELEMENTS,
        roles=Contributor.Role.values,
    )
    assert (found.results, found.elements, found.roles) == ((), {}, {})
    assert len(extra) == len(odd)


def test_content_comes_back_as_it_was(world, reading):
    study = whole_study(world)
    with reading(world.a.manager):
        told = gather_all(study).study
    assert from_content({**to_content(told), "beside": {}}) == told
