"""What a member asks of the ambassador: by whom, what of it holds, and who is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations.introductions import note_introduction
from proxeny.ambassadors.operations.mandates import (
    MOST_DAYS,
    MandateFacts,
    answer_mandate,
    ask_again,
    ask_mandate,
    change_mandate,
    withdraw_mandate,
)
from proxeny.directory.models import Membership
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import Partnership, Party
from tests.ambassadors.desk import NOW, do, facts
from tests.factories.directory import MembershipFactory

pytestmark = pytest.mark.django_db
State = Mandate.State
ASKS = MandateFacts(seeks="A buyer of stone scanners.", until=NOW.date() + timedelta(days=90))


def ask(world, person=None, **changes) -> Mandate:
    """Let member 1 of A ask A's ambassador."""
    given = {"partnership_id": world.partnership.pk, "member_id": world.a.members[0].pk}
    given |= {name: changes.pop(name) for name in list(changes) if name.endswith("_id")}
    return do(
        person or world.a.representatives[0], ask_mandate, facts=replace(ASKS, **changes), **given
    )


def answer(world, mandate, state="accepted", word="", **given) -> Mandate:
    """Let A's ambassador answer."""
    return do(
        given.pop("person", world.a.ambassador),
        answer_mandate,
        mandate_id=mandate.pk,
        state=state,
        answer=word,
        **given,
    )


def change(world, mandate, *, version=None, **changes) -> Mandate:
    """Let the member's representative change it."""
    mandate.refresh_from_db()
    return do(
        world.a.representatives[0],
        change_mandate,
        mandate_id=mandate.pk,
        version=version or mandate.version,
        facts=replace(ASKS, **changes),
    )


def _state(mandate):
    return Mandate.objects.get(pk=mandate.pk).state


def _told(email):
    return list(
        Mail.objects.filter(recipient=email).order_by("pk").values_list("subject", flat=True)
    )


def test_the_desk_is_told_what_is_asked_and_the_member_what_is_answered(world):
    mandate = ask(world, no_go=" French member 2 \n")
    assert (mandate.state, mandate.cluster_id, mandate.no_go) == (
        State.ASKED,
        world.a.cluster.pk,
        "French member 2",
    )
    for person in (world.a.ambassador, world.a.manager):
        assert _told(person.email) == ["Greek member 1 is asking you to act on its behalf"]
    assert not Mail.objects.filter(recipient=world.b.ambassador.email).exists()
    answer(world, mandate)
    assert _told(world.a.representatives[0].email) == ["Greek ambassador is acting for you"]
    verbs = AuditEntry.objects.filter(target_id=mandate.pk).order_by("pk")
    assert list(verbs.values_list("verb", "organisation_id")) == [
        ("ask_mandate", world.a.members[0].pk),
        ("answer_mandate", world.a.members[0].pk),
    ]


def test_a_member_waits_for_one_answer_at_a_time(world):
    first = ask(world)
    with pytest.raises(Conflict, match="You’ve already sent a mandate"):
        ask(world)
    answer(world, first, "question", "How large a buyer?")
    with pytest.raises(Conflict, match="You’ve already sent a mandate"):
        ask(world)
    answer(world, first)
    second = ask(world, seeks="A lab, too.")
    # What holds is changed only once the newer one is answered: both would wait at once.
    with pytest.raises(Conflict, match="You’ve already sent a mandate"):
        change(world, first, seeks="A larger buyer.")
    with pytest.raises(Conflict, match="answer to a newer mandate"):
        answer(world, first, "question", "Still?")
    assert (_state(first), _state(second)) == (State.ACCEPTED, State.ASKED)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seeks", " "),
        ("seeks", "x" * 2001),
        ("no_go", "x" * 2001),
        ("until", NOW.date() - timedelta(days=1)),
        ("until", NOW.date() + timedelta(days=MOST_DAYS + 1)),
        ("material_url", "javascript:alert(1)"),
        ("material_url", "https://company.example/" + "x" * 500),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(world, field, value):
    mandate = ask(world)
    with pytest.raises(InvalidInput) as refused:
        ask(world, **{field: value})
    assert refused.value.field == field
    with pytest.raises(InvalidInput):
        change(world, mandate, **{field: value})


def test_who_can_ask_for_a_member(world):
    for person in (
        world.a.representatives[1],
        world.a.ambassador,
        world.b.representatives[0],
        world.c.manager,
        world.nobody_special,
    ):
        with pytest.raises((NotAllowed, NotFound)):
            ask(world, person)
    assert not Mandate.objects.exists()


def test_whose_ambassador_is_asked(world):
    member = world.a.members[0].pk
    with pytest.raises(Conflict, match="isn’t a member of either cluster"):
        ask(world, cluster_id=world.b.cluster.pk)
    MembershipFactory(cluster=world.b.cluster, organisation=world.a.members[0])
    assert ask(world, cluster_id=world.b.cluster.pk).cluster_id == world.b.cluster.pk
    Membership.objects.filter(organisation=member).delete()
    with pytest.raises((Conflict, NotFound)):
        ask(world)


def test_an_ended_partnership_takes_nothing_new_and_can_be_left(world):
    mandate, other = (
        ask(world),
        ask(world, world.a.representatives[1], member_id=world.a.members[1].pk),
    )
    answer(world, mandate)
    Partnership.objects.update(state=Partnership.State.ENDED)
    with pytest.raises(NotFound):
        ask(world)
    with pytest.raises(Conflict, match="has ended"):
        change(world, mandate, seeks="Something else.")
    with pytest.raises(Conflict, match="has ended"):
        answer(world, other)
    do(world.a.representatives[0], withdraw_mandate, mandate_id=mandate.pk)
    assert _state(mandate) == State.WITHDRAWN
    with pytest.raises(Conflict, match="has ended"):
        do(world.a.representatives[0], ask_again, mandate_id=mandate.pk)


def test_a_party_that_has_left_has_no_ambassador_to_ask(world):
    Party.objects.filter(organisation=world.a.cluster).update(state=Party.State.LEFT)
    with pytest.raises((Conflict, NotFound)):
        ask(world)


def test_what_is_changed_is_asked_anew_and_what_is_saved_unchanged_is_not(world):
    mandate = answer(world, ask(world))
    assert change(world, mandate).state == State.ACCEPTED
    mandate = change(world, mandate, seeks="A buyer, and a lab.")
    assert (mandate.state, mandate.version) == (State.ASKED, 3)
    entry = AuditEntry.objects.get(verb="change_mandate")
    assert entry.changes == {"seeks": [ASKS.seeks, "A buyer, and a lab."]}
    assert len(_told(world.a.ambassador.email)) == 2


def test_a_question_is_answered_even_by_leaving_it_as_it_is(world):
    mandate = answer(world, ask(world), "question", "How large?")
    assert _told(world.a.representatives[0].email) == ["Greek ambassador has a question"]
    assert change(world, mandate).state == State.ASKED


def test_nobody_overwrites_or_accepts_what_they_have_not_read(world):
    mandate = ask(world)
    change(world, mandate, seeks="A lab.")
    with pytest.raises(Conflict, match="changed this"):
        change(world, mandate, version=1, seeks="A university.")
    with pytest.raises(Conflict, match="changed this"):
        answer(world, mandate, seen=1)
    answer(world, mandate, seen=2)
    assert Mandate.objects.get().seeks == "A lab."


def test_the_desk_gives_a_reason_or_a_question_and_only_answers_that_there_are(world):
    mandate = ask(world)
    for state, word, field in (
        ("declined", " ", "answer"),
        ("question", "", "answer"),
        ("withdrawn", "x", "state"),
    ):
        with pytest.raises(InvalidInput) as refused:
            answer(world, mandate, state, word)
        assert refused.value.field == field
    answer(world, mandate, "declined", "We know nobody there.")
    assert _told(world.a.representatives[0].email) == ["Your mandate was declined"]
    with pytest.raises(Conflict):
        change(world, mandate, seeks="Please.")


def test_who_answers_for_the_desk(world):
    mandate = ask(world)
    for person in (
        world.b.ambassador,
        world.b.manager,
        world.c.manager,
        world.a.representatives[1],
        world.nobody_special,
    ):
        with pytest.raises(NotFound):
            answer(world, mandate, person=person)
    with pytest.raises(NotAllowed):
        answer(world, mandate, person=world.a.representatives[0])
    assert _state(mandate) == State.ASKED
    answer(world, mandate, person=world.a.manager)


def test_what_has_run_out_is_not_accepted_but_can_be_asked_about(world):
    mandate = ask(world)
    later = NOW + timedelta(days=91)
    with pytest.raises(Conflict, match="It was valid until"):
        answer(world, mandate, now=later)
    answer(world, mandate, "question", "Does it still hold?", now=later)


def test_a_withdrawn_mandate_ends_and_can_be_asked_again(world):
    mandate = answer(world, ask(world))
    member = world.a.representatives[0]
    for person in (world.a.ambassador, world.a.representatives[1], world.b.manager):
        with pytest.raises((NotAllowed, NotFound)):
            do(person, withdraw_mandate, mandate_id=mandate.pk)
    with pytest.raises(Conflict):
        do(member, ask_again, mandate_id=mandate.pk)
    do(member, withdraw_mandate, mandate_id=mandate.pk)
    assert _told(world.a.ambassador.email)[-1] == "Greek member 1 has withdrawn its mandate"
    with pytest.raises(Conflict):
        do(member, withdraw_mandate, mandate_id=mandate.pk)
    with pytest.raises(Conflict, match="withdrawn it"):
        answer(world, mandate)
    with pytest.raises(Conflict, match="It has expired"):
        do(member, ask_again, mandate_id=mandate.pk, now=NOW + timedelta(days=91))
    with pytest.raises(NotFound):
        do(world.b.representatives[0], ask_again, mandate_id=mandate.pk)
    do(member, ask_again, mandate_id=mandate.pk)
    assert _state(mandate) == State.ASKED
    assert (
        _told(world.a.ambassador.email)[-1] == "Greek member 1 is asking you to act on its behalf"
    )


def test_whom_a_member_does_not_want_to_meet_it_is_not_introduced_to(world):
    mandate = answer(world, ask(world, no_go="FRENCH  MÉMBER 1\nSomebody else"))
    pair = {
        "partnership_id": world.partnership.pk,
        "member_id": world.a.members[0].pk,
        "stakeholder_id": world.b.members[0].pk,
        "facts": facts(world),
    }
    with pytest.raises(Conflict, match="asked not to be introduced"):
        do(world.a.ambassador, note_introduction, **pair)
    # While a change waits for the ambassador, what the member wrote protects it all the same.
    change(world, mandate, no_go="French member 1\nFrench member 2")
    with pytest.raises(Conflict, match="asked not to be introduced"):
        do(world.a.ambassador, note_introduction, **pair)
    do(world.a.representatives[0], withdraw_mandate, mandate_id=mandate.pk)
    do(world.a.ambassador, note_introduction, **pair)


def test_the_other_cluster_reads_nothing_of_a_mandate(world, reading):
    ask(world)
    for person, count in (
        (world.a.representatives[0], 1),
        (world.a.ambassador, 1),
        (world.a.manager, 1),
        (world.a.representatives[1], 0),
        (world.b.manager, 0),
        (world.b.representatives[0], 0),
        (world.c.manager, 0),
        (None, 0),
    ):
        with reading(person):
            assert Mandate.objects.count() == count, person
