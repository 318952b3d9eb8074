"""Questions back: asked by managers, or by a juror whose name nobody learns; answered by who applies."""

import pytest

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Question, Round
from proxeny.labels.operations.questions import (
    answer_question,
    ask_applicant,
    ask_as_juror,
    pass_on,
)
from proxeny.labels.operations.submitting import withdraw_application
from proxeny.partnerships.models import Interest
from tests.factories.labels import AssignmentFactory, JurorFactory
from tests.labels.applying import hand_in, juror_of, keys_of, whole
from tests.partnerships.rooms import do, party

pytestmark = pytest.mark.django_db


def handed(world, **more):
    one, person = whole(world, **more)
    hand_in(person, one)
    Mail.objects.all().delete()
    return one, person


def ask(person, one, text="Which harbours?", **more):
    return do(
        person,
        ask_applicant,
        partnership_id=one.partnership_id,
        round_id=one.round_id,
        application_id=one.pk,
        text=text,
        **more,
    )


def answer(person, one, question, text="Piraeus and Sète."):
    return do(person, answer_question, application_id=one.pk, question_id=question.pk, answer=text)


def judging(world, one, side=None):
    side = side or world.b
    person = juror_of(side)
    seat = JurorFactory(round=one.round, person=person, party=party(world, side))
    AssignmentFactory(juror=seat, application=one)
    Round.objects.update(state="judging")
    return person


def told(person):
    return list(
        Mail.objects.filter(recipient=person.email).order_by("pk").values_list("subject", flat=True)
    )


def test_a_manager_asks_and_who_applies_answers(world, reading):
    one, person = handed(world)
    made = ask(world.b.manager, one, indicator=keys_of(one)[0])
    assert made.passed_on_at == made.asked_at
    [mail] = Mail.objects.all()
    assert (mail.recipient, mail.subject) == (
        person.email,
        "A question about “Nets that mend themselves”",
    )
    assert "Which harbours?" in mail.text
    assert "French manager" not in mail.text
    answer(person, one, made)
    assert told(world.b.manager) == ["Answered: application number 1"]
    assert told(world.a.manager) == []
    juror = judging(world, one)
    for each in (world.a.manager, world.b.manager, juror, person):
        with reading(each):
            assert Question.objects.get().answer == "Piraeus and Sète."
    for each in (world.b.representatives[0], world.a.ambassador, world.nobody_special):
        with reading(each):
            assert not Question.objects.exists()
    # It can be put better until the jury has decided; the mail goes out once.
    answer(person, one, made, "Piraeus.")
    assert len(told(world.b.manager)) == 1
    Round.objects.update(state="decided")
    with pytest.raises(Conflict, match="decided"):
        answer(person, one, made)


def test_nothing_is_asked_in_vain(world):
    one, person = handed(world)
    for text, more in ((" ", {}), ("x" * 2001, {}), ("Why?", {"indicator": "i0"})):
        with pytest.raises(InvalidInput):
            ask(world.a.manager, one, text=text, **more)
    with pytest.raises(InvalidInput, match="Enter your answer"):
        answer(person, one, ask(world.a.manager, one), " ")
    do(person, withdraw_application, application_id=one.pk)
    with pytest.raises(Conflict, match="withdrawn"):
        ask(world.a.manager, one)


def test_only_managers_without_a_conflict_ask_and_only_the_applicant_answers(world):
    one, _person = handed(world)
    with pytest.raises(NotAllowed):
        ask(world.a.ambassador, one)
    for each in (world.c.manager, world.a.representatives[0], juror_of(world.a)):
        with pytest.raises(NotFound):
            ask(each, one)
    Interest.objects.create(
        partnership=one.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=one.pk,
        conflicts=True,
        said_at=one.created_at,
    )
    with pytest.raises(NotFound):
        ask(world.a.manager, one)
    made = ask(world.b.manager, one)
    for each in (world.b.manager, world.b.representatives[0], world.nobody_special):
        with pytest.raises(NotFound):
            answer(each, one, made)


def test_a_juror_asks_through_a_manager_and_nobody_learns_who(world, reading):
    one, person = handed(world)
    juror = judging(world, one)
    made = do(juror, ask_as_juror, application_id=one.pk, text="As I sell nets too: which?")
    assert AuditEntry.objects.get(verb="ask_as_label_juror").partnership_id is None
    subject = "A juror has a question about application number 1"
    assert (told(world.a.manager), told(world.b.manager), told(person)) == (
        [subject],
        [subject],
        [],
    )
    assert not Mail.objects.filter(text__contains="sell nets").exists()
    assert not Mail.objects.filter(text__contains=juror.name).exists()
    with reading(person):
        assert not Question.objects.exists()
    with pytest.raises(NotFound):
        answer(person, one, made)
    passed = do(
        world.a.manager,
        pass_on,
        partnership_id=one.partnership_id,
        round_id=one.round_id,
        application_id=one.pk,
        question_id=made.pk,
        text="Which harbours?",
    )
    assert (passed.text, told(person)) == (
        "Which harbours?",
        ["A question about “Nets that mend themselves”"],
    )
    with pytest.raises(Conflict, match="This question has already been passed on"):
        do(
            world.b.manager,
            pass_on,
            partnership_id=one.partnership_id,
            round_id=one.round_id,
            application_id=one.pk,
            question_id=made.pk,
        )
    answer(person, one, made)
    with reading(juror):
        assert Question.objects.get().answer == "Piraeus and Sète."
    assert told(juror) == []


def test_only_who_judges_it_asks_as_a_juror(world):
    one, person = handed(world)
    juror, other = judging(world, one), juror_of(world.a)
    for each in (other, person, world.a.manager, world.b.representatives[0]):
        with pytest.raises(NotFound):
            do(each, ask_as_juror, application_id=one.pk, text="Why?")
    Round.objects.update(state="decided")
    with pytest.raises(Conflict, match="this round isn’t being judged"):
        do(juror, ask_as_juror, application_id=one.pk, text="Why?")
