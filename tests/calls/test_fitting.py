"""Members that fit a call: by the words they share with it, as the reader sees them."""

import pytest

from proxeny.calls.operations.fitting import find_fitting
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.calls import CallFactory
from tests.factories.directory import ListingFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def find(person, call, **given):
    actor = reader_of(person)
    with acting_as(WEB, actor):
        return find_fitting(actor=actor, call_id=call.pk, **given)


def member(world, side="a", **values):
    values.setdefault("visibility", "partnership")
    return OrganisationFactory(steward=getattr(world, side).cluster, **values)


def test_who_shares_its_words_comes_first_with_these_words(world):
    call = CallFactory(
        steward=world.a.cluster,
        title="Sensors for clean harbours",
        topics=["harbours"],
        text="Small firms try what measures dirt in water.",
    )
    best = member(world, summary="We measure water in harbours.")
    ListingFactory(organisation=best, title="Sensors for a harbour")
    other = member(world, "b", summary="Sensors for bakeries.")
    member(world, summary="Bread and cakes.")
    fitting = find(world.a.manager, call)
    assert [one.organisation for one in fitting.found] == [best, other]
    assert {"sensors", "harbours", "water"} <= set(fitting.found[0].words)
    assert fitting.found[1].words == ("sensors",)
    assert fitting.considered >= 3
    assert len(find(world.a.manager, call, most=1).found) == 1


def test_only_what_the_reader_sees_is_compared(world):
    call = CallFactory(steward=world.a.cluster, title="Sensors for clean harbours")
    member(world, summary="Sensors in harbours.", visibility="private")
    shown = member(world, summary="Sensors in harbours.")
    ListingFactory(organisation=shown, title="Clean harbours", status="draft")
    member(world, "c", summary="Sensors in harbours.", visibility="public")
    (fit,) = find(world.b.manager, call).found
    assert fit.organisation == shown
    assert "clean" not in fit.words
    with pytest.raises(NotFound):
        find(world.c.manager, call)


def test_clusters_themselves_and_one_chance_word_of_the_text_do_not_count(world):
    call = CallFactory(steward=world.a.cluster, title="Quantum", topics=[], text="Small firms.")
    member(world, summary="Small bread.")
    world.a.cluster.summary = "Quantum"
    world.a.cluster.save()
    assert find(world.a.manager, call).found == ()


def test_the_number_of_queries_does_not_grow(world, reading, django_assert_num_queries):
    call = CallFactory(steward=world.a.cluster)
    actor = reader_of(world.b.manager)
    member(world, summary="Sensors in harbours.")
    for _ in range(2):
        with reading(world.b.manager), django_assert_num_queries(6):
            find_fitting(actor=actor, call_id=call.pk)
        for _ in range(3):
            ListingFactory(organisation=member(world), title="Sensors in harbours")


def test_of_too_many_those_with_words_of_the_title_are_read(world, monkeypatch):
    monkeypatch.setattr("proxeny.calls.queries.fitting.READ_ALL", 2)
    call = CallFactory(steward=world.a.cluster, title="Sensors for clean harbours", topics=[])
    found = [member(world, summary="A sensor."), member(world, "b", summary="Our harbour.")]
    for _ in range(3):
        member(world, summary="Bread and cakes.")
    assert {one.organisation for one in find(world.a.manager, call).found} == set(found)


def test_a_topic_in_another_language_finds_texts_in_it(world):
    call = CallFactory(steward=world.a.cluster, title="Games", topics=["παιχνίδια"], text="")
    greek = member(world, summary="Φτιάχνουμε ένα παιχνίδι.", language="el")
    (fit,) = find(world.a.manager, call).found
    assert (fit.organisation, fit.words) == (greek, ("παιχνίδι",))
