"""Shorthands of the tests of studies: one that is thought through, and deeds of people."""

from typing import Any

from proxeny.partnerships.operations.records import add_record, change_record, drop_record
from proxeny.research.models import Result, Study
from proxeny.research.operations.studies import begin_study, conclude_study, reopen_study
from tests.factories.research import ContributorFactory, StudyFactory, WeighedRiskFactory
from tests.factories.rooms import RiskFactory
from tests.factories.world import World
from tests.partnerships.rooms import day, do

#: All that both sides write before a study begins.
ELEMENTS = {
    "why": "Nobody knows.",
    "expected": "Studios ask for more.",
    "methods": "We ask 40 studios.",
    "ethics": "Each studio agrees.",
    "data_plan": "One table, without names.",
    "resources": "Two people, ten days.",
}


def prepare(world: World, **values: Any) -> Study:
    """Make a study in which everything is thought of."""
    given = {**ELEMENTS, "starts_on": day(-10), "ends_on": day(60), **values}
    study = StudyFactory(partnership=world.partnership, **given)
    for party in world.partnership.parties.order_by("side"):
        ContributorFactory(study=study, party=party, name=f"Ada of {party.side}", cited=True)
    WeighedRiskFactory(study=study, risk=RiskFactory(partnership=world.partnership))
    return study


def begin(person, study, **given):
    """Begin a study as somebody would, having seen it as it is."""
    return _deed(begin_study, person, study, given)


def conclude(person, study, **given):
    """Conclude it."""
    return _deed(conclude_study, person, study, given)


def reopen(person, study, **given):
    """Take it up again."""
    return _deed(reopen_study, person, study, given)


def _deed(operation, person, study, given):
    given.setdefault("version", Study.objects.get(pk=study.pk).version)
    return do(person, operation, partnership_id=study.partnership_id, study_id=study.pk, **given)


def add(person, study, kind, /, **values):
    """Note something of a study, as the form of its kind does."""
    return do(
        person,
        add_record,
        kind=kind,
        partnership_id=study.partnership_id,
        values={"study": study.pk, **values},
    )


def change(person, record, kind, /, **values):
    """Change a study, or something of one."""
    return do(
        person,
        change_record,
        kind=kind,
        partnership_id=record.partnership_id,
        record_id=record.pk,
        version=type(record).objects.get(pk=record.pk).version,
        values=values,
    )


def drop(person, record, kind):
    """Put something away."""
    return do(
        person, drop_record, kind=kind, partnership_id=record.partnership_id, record_id=record.pk
    )


def outcome(study, **values):
    """Note that something changed for somebody."""
    given = {"kind": Result.Kind.OUTCOME, "title": "Studios ask for more", "benefits": "industry"}
    return Result.objects.create(
        study=study, partnership_id=study.partnership_id, happened_on=day(-1), **given | values
    )
