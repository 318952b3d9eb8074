"""How studies begin, end and go on, and what they and what belongs to them refuse."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.operations.records import change_record, restore_record
from proxeny.research.models import Contributor, Package, Result, Study, WeighedRisk
from proxeny.research.operations.validators import read_address, read_doi, tidy_keywords
from proxeny.research.queries.studies import readiness_of
from proxeny.research.rules import ELEMENTS
from tests.factories.research import ContributorFactory, PackageFactory, ResultFactory, StudyFactory
from tests.factories.rooms import RiskFactory
from tests.factories.world import make_world
from tests.partnerships.rooms import day, do, party
from tests.research.studying import add, begin, change, conclude, drop, outcome, prepare, reopen

pytestmark = pytest.mark.django_db
State = Study.State


def _state(study):
    return Study.objects.get(pk=study.pk).state


def test_a_study_begins_once_all_is_thought_of(world):
    study = prepare(world)
    begin(world.b.ambassador, study)
    study.refresh_from_db()
    assert (study.state, study.begun_on, study.version) == (State.RUNNING, day(0), 2)
    entry = AuditEntry.objects.get(verb="begin_study")
    assert (entry.target_id, entry.organisation_id) == (study.pk, world.b.cluster.pk)
    with pytest.raises(Conflict, match="has already started"):
        begin(world.a.manager, study)


@pytest.mark.parametrize("name", [*ELEMENTS, "starts_on", "ends_on"])
def test_what_is_missing_is_named_and_nothing_begins(world, name):
    study = prepare(world)
    empty = None if name.endswith("_on") else ""
    Study.objects.filter(pk=study.pk).update(**{name: empty})
    study.refresh_from_db()
    [missing] = [
        one
        for one in readiness_of([study], world.partnership.parties.all())[study.pk]
        if not one.is_met
    ]
    assert (missing.code, missing.field) == (name, name)
    with pytest.raises(Conflict) as refused:
        begin(world.a.manager, study)
    assert str(refused.value) == f"The study can’t start yet. Still missing: {missing.label}."
    assert _state(study) == State.PLANNING
    assert not AuditEntry.objects.filter(verb="begin_study").exists()


def test_each_side_takes_part_and_a_risk_is_weighed_before_it_begins(world):
    study = prepare(world)
    theirs = Contributor.objects.get(study=study, party=party(world, world.b))
    drop(world.a.manager, theirs, "contributor")
    with pytest.raises(Conflict, match="Still missing: Someone from French cluster takes part"):
        begin(world.a.manager, study)
    drop(world.a.manager, WeighedRisk.objects.get(), "weighed-risk")
    with pytest.raises(Conflict, match="takes part, At least one risk is assessed"):
        begin(world.a.manager, study)
    # A risk that left the register is none that was weighed.
    add(world.b.manager, study, "contributor", name="Ben Example", party=party(world, world.b).pk)
    weighed = add(
        world.b.manager, study, "weighed-risk", risk=RiskFactory(partnership=world.partnership).pk
    )
    drop(world.b.manager, weighed.risk, "risk")
    with pytest.raises(Conflict, match="At least one risk is assessed"):
        begin(world.a.manager, study)


def test_only_teams_of_the_room_begin_it_and_not_once_it_is_over(world):
    study = prepare(world)
    for person in (world.c.manager, world.nobody_special):
        with pytest.raises(NotFound):
            begin(person, study)
    with pytest.raises((NotAllowed, NotFound)):
        begin(world.a.representatives[0], study)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        begin(world.a.manager, study, version=7)
    Study.objects.filter(pk=study.pk).update(dropped_at=timezone.now())
    with pytest.raises(Conflict, match="This study is archived"):
        begin(world.a.manager, study)
    Study.objects.filter(pk=study.pk).update(dropped_at=None)
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended")
    with pytest.raises(Conflict, match="has ended"):
        begin(world.a.manager, study)
    assert _state(study) == State.PLANNING


def test_a_study_is_concluded_with_what_was_found_and_an_outcome(world):
    study = prepare(world)
    with pytest.raises(Conflict, match="under way"):
        conclude(world.a.manager, study, summary="Too little.")
    begin(world.a.manager, study)
    with pytest.raises(InvalidInput) as refused:
        conclude(world.a.manager, study)
    assert refused.value.field == "summary"
    ResultFactory(study=study, kind="output")
    with pytest.raises(Conflict, match="at least one outcome"):
        conclude(world.a.manager, study, summary="Too little.")
    outcome(study)
    conclude(world.b.manager, study, summary="  Too little. ")
    study.refresh_from_db()
    assert (study.state, study.summary, study.concluded_on) == (
        State.CONCLUDED,
        "Too little.",
        day(0),
    )
    changes = AuditEntry.objects.get(verb="conclude_study").changes
    assert changes["summary"] == ["", "Too little."]


def test_a_concluded_study_is_taken_up_again_with_a_reason(world):
    study = prepare(world, state=State.CONCLUDED, summary="Found.", concluded_on=day(-3))
    with pytest.raises(InvalidInput) as refused:
        reopen(world.a.manager, study, reason="  ")
    assert refused.value.field == "reason"
    reopen(world.a.manager, study, reason="Forty more  answers came.")
    study.refresh_from_db()
    assert (study.state, study.concluded_on, study.summary) == (State.RUNNING, None, "Found.")
    assert AuditEntry.objects.get(verb="reopen_study").why == "Forty more answers came."
    with pytest.raises(Conflict, match="This study isn’t concluded"):
        reopen(world.a.manager, study, reason="Again")


def test_what_a_study_began_with_is_not_taken_from_it(world):
    study = prepare(world)
    change(world.a.manager, study, "study", why="")
    change(world.a.manager, study, "study", why="Nobody knows.")
    begin(world.a.manager, study)
    for name, empty in (("why", ""), ("ends_on", None)):
        with pytest.raises(InvalidInput) as refused:
            change(world.a.manager, study, "study", **{name: empty})
        assert refused.value.field == name
    change(world.a.manager, study, "study", why="Two do know.")
    kept = outcome(study)
    conclude(world.a.manager, study, summary="Found.")
    with pytest.raises(InvalidInput, match="concluded with this"):
        change(world.a.manager, study, "study", summary=" ")
    for take in (
        lambda: drop(world.a.manager, kept, "result"),
        lambda: change(world.a.manager, kept, "result", kind="output"),
    ):
        with pytest.raises(Conflict, match="concluded with this outcome"):
            take()
    assert Result.objects.get().dropped_at is None
    outcome(study, title="Another")
    drop(world.a.manager, kept, "result")


def test_of_two_who_take_the_last_outcomes_at_once_one_is_refused(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        study = prepare(world, state=State.CONCLUDED, summary="Found.", concluded_on=day(0))
        first, second = outcome(study), outcome(study, title="Another")
    refused = []

    def take(person, one):
        do(
            person,
            change_record,
            kind="result",
            partnership_id=study.partnership_id,
            record_id=one.pk,
            version=one.version,
            values={"kind": "output"},
        )

    def take_second():
        try:
            take(world.b.manager, second)
        except Conflict as error:
            refused.append(str(error))
        finally:
            connection.close()

    other = threading.Thread(target=take_second)
    with transaction.atomic():
        take(world.a.manager, first)
        other.start()
        other.join(1)
    other.join(20)
    assert ["concluded with this outcome" in one for one in refused] == [True]
    with acting_as(SERVICE):
        assert Result.objects.get(study=study, kind="outcome").pk == second.pk


def test_a_concluded_study_that_came_without_an_outcome_still_changes(world):
    study = prepare(world, state=State.CONCLUDED, summary="Found.", concluded_on=day(0))
    made = ResultFactory(study=study, kind="output")
    change(world.a.manager, made, "result", title="Other activities")
    drop(world.a.manager, made, "result")
    do(
        world.a.manager,
        restore_record,
        kind="result",
        partnership_id=study.partnership_id,
        record_id=made.pk,
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_on": day(5), "ends_on": day(4)}, "ends_on"),
        ({"doi": "zenodo.123"}, "doi"),
        ({"keywords": ",".join(f"word {n}" for n in range(21))}, "keywords"),
        ({"title": " "}, "title"),
        ({"question": ""}, "question"),
        ({"licence": "mine"}, "licence"),
    ],
)
def test_what_a_study_refuses(world, values, field):
    study = StudyFactory(partnership=world.partnership)
    with pytest.raises(InvalidInput) as refused:
        change(world.a.manager, study, "study", **values)
    assert refused.value.field == field


def test_keywords_and_doi_are_kept_in_one_form(world):
    study = StudyFactory(partnership=world.partnership)
    change(
        world.a.manager,
        study,
        "study",
        keywords="wages; Studios ،wages,, pay  gap",
        doi="https://doi.org/10.5281/zenodo.1234567",
    )
    study.refresh_from_db()
    assert study.keywords == "wages, Studios, pay gap"
    assert study.doi == "10.5281/zenodo.1234567"
    assert (tidy_keywords(" ,; "), read_doi("")) == ("", "")


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        ("person", "0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("person", "http://orcid.org/0000-0002-1694-233x", "https://orcid.org/0000-0002-1694-233X"),
        ("person", "", ""),
        ("organisation", "https://ror.org/05gq02987/", "https://ror.org/05gq02987"),
        ("organisation", "n/a", ""),
        ("person", "https://orcid.org/0000-0002-1825-0098", None),
        ("person", "https://ror.org/05gq02987", None),
        ("person", "https://example.org/ada", None),
        ("organisation", "https://orcid.org/0000-0002-1825-0097", None),
        ("organisation", "https://ror.org/05gq02988", None),
        ("organisation", "https://ror.org/", None),
    ],
)
def test_who_takes_part_is_known_by_a_number_that_fits(kind, text, kept):
    if kept is not None:
        assert read_address(kind, text) == kept
        return
    with pytest.raises(InvalidInput) as refused:
        read_address(kind, text)
    assert refused.value.field == "identifier"


def test_a_result_lies_in_the_past_and_terms_stand_where_files_are_asked_for(world):
    study = prepare(world)
    with pytest.raises(InvalidInput) as refused:
        add(
            world.a.manager,
            study,
            "result",
            title="A table",
            benefits="industry",
            happened_on=day(1),
        )
    assert refused.value.field == "happened_on"
    told = {"title": "Responses", "details": "One row is one studio.", "access": "request"}
    with pytest.raises(InvalidInput) as refused:
        add(world.a.manager, study, "package", **told)
    assert refused.value.field == "terms"
    made = add(world.a.manager, study, "package", **told, terms="Name us.")
    assert made.terms == "Name us."
    with pytest.raises(InvalidInput) as refused:
        change(world.a.manager, made, "package", terms="")
    assert refused.value.field == "terms"


def test_nothing_is_added_to_a_study_that_is_put_away_or_of_another_room(world):
    study = prepare(world)
    kept = ContributorFactory(study=study)
    package = PackageFactory(study=study)
    drop(world.a.manager, kept, "contributor")
    drop(world.a.manager, study, "study")
    with pytest.raises(InvalidInput) as refused:
        add(world.a.manager, study, "contributor", name="Ben Example")
    assert refused.value.field == "study"
    with pytest.raises(Conflict, match="study is archived"):
        change(world.a.manager, package, "package", title="Other activities")
    with pytest.raises(Conflict, match="study is archived"):
        do(
            world.a.manager,
            restore_record,
            kind="contributor",
            partnership_id=study.partnership_id,
            record_id=kept.pk,
        )
    assert Contributor.objects.get(pk=kept.pk).dropped_at is not None
    assert Package.objects.get().title == "Answers of 40 studios"


def test_nothing_moves_to_another_study(world):
    study, other = prepare(world), StudyFactory(partnership=world.partnership)
    one = Contributor.objects.filter(study=study).earliest("pk")
    with pytest.raises(InvalidInput) as refused:
        change(world.a.manager, one, "contributor", study=other.pk)
    assert refused.value.field == "study"
    change(world.a.manager, one, "contributor", study=study.pk, name="Ada Renamed")
    assert Contributor.objects.get(pk=one.pk).study_id == study.pk


def test_a_risk_is_weighed_once(world):
    study = prepare(world)
    weighed = WeighedRisk.objects.get()
    with pytest.raises(InvalidInput, match="This risk has already been assessed for the study"):
        add(world.a.manager, study, "weighed-risk", risk=weighed.risk_id)
    drop(world.a.manager, weighed, "weighed-risk")
    again = add(world.a.manager, study, "weighed-risk", risk=weighed.risk_id)
    restore = {"kind": "weighed-risk", "partnership_id": study.partnership_id}
    with pytest.raises(Conflict, match="This risk has already been assessed for the study"):
        do(world.a.manager, restore_record, record_id=weighed.pk, **restore)
    drop(world.a.manager, again, "weighed-risk")
    do(world.a.manager, restore_record, record_id=weighed.pk, **restore)
    assert WeighedRisk.objects.get(dropped_at=None).pk == weighed.pk


def test_a_study_of_others_is_not_there(world, reading):
    study = prepare(world)
    for person in (None, world.nobody_special, world.c.manager, world.a.representatives[0]):
        with reading(person):
            assert not Study.objects.exists()
            assert not Contributor.objects.exists()
    with reading(world.b.ambassador):
        assert Study.objects.get().pk == study.pk
