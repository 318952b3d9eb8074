"""How each market question is worked on: ours until a partnership writes its own, and lessons."""

import pytest
from django.utils import translation

from proxeny.assessments.defaults import DEFAULTS
from proxeny.assessments.models import Lesson, Question, Template, TemplateItem
from proxeny.assessments.operations import templates as operations
from proxeny.assessments.operations.templates import ItemFacts
from proxeny.assessments.queries import templates as queries
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as, as_service
from tests.conftest import reader_of
from tests.factories.assessments import make_engagement
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db
Kind = TemplateItem.Kind


def on(world, operation, person=None, *, question="demand", **given):
    return do(
        person or world.a.ambassador,
        operation,
        partnership_id=world.partnership.pk,
        question=question,
        **given,
    )


def begin(world, person=None):
    return on(world, operations.begin_template, person)


def read(world):
    return queries.read_template(world.partnership.pk, "demand")


def items(kind):
    return list(TemplateItem.objects.filter(kind=kind).order_by("order"))


@pytest.mark.parametrize("question", Question.values)
def test_each_question_has_a_template_of_ours(question):
    ours = DEFAULTS[question]
    assert 4 <= len(ours.questions) <= 6
    assert 6 <= len(ours.steps) <= 9
    assert 4 <= len(ours.chapters) <= 6
    days = [one for _text, one in ours.steps]
    assert days == sorted(days)
    for texts in (ours.questions, [text for text, _day in ours.steps], ours.chapters):
        assert len(set(map(str, texts))) == len(texts)
        assert all(len(str(one)) <= 300 for one in texts)


def test_ours_is_read_until_the_first_change_and_then_the_partnerships_own(world):
    before = read(world)
    assert not before.is_own
    assert before.steps[0] == ("Go through the brief with the company", 3)
    begin(world)
    own = read(world)
    assert own.is_own
    assert (own.questions, own.steps, own.chapters) == (
        before.questions,
        before.steps,
        before.chapters,
    )
    assert begin(world, world.b.manager).version == 1
    assert Template.objects.count() == 1
    assert not queries.read_template(world.partnership.pk, "price").is_own


def test_a_client_reads_ours_and_the_service_reads_the_own(world):
    begin(world)
    on(world, operations.add_item, item=ItemFacts("question", "Which port do you use?"))
    member = reader_of(world.a.representatives[0])
    with acting_as(WEB, member):
        assert not read(world).is_own
        with as_service("A test."):
            assert read(world).questions[-1] == "Which port do you use?"


def test_lines_are_added_moved_changed_dropped_and_brought_back(world):
    begin(world)
    count = len(items(Kind.STEP))
    made = on(world, operations.add_item, item=ItemFacts("step", "  Visit\n a fair ", 20), order=2)
    assert (made.order, made.text) == (2, "Visit a fair")
    assert len(items(Kind.STEP)) == count + 1
    for up, order in ((True, 1), (True, 1), (False, 2), (False, 3)):
        on(world, operations.move_item, world.b.manager, item_id=made.pk, up=up)
        made.refresh_from_db()
        assert made.order == order
    version = Template.objects.get().version
    assert version == 5
    on(
        world,
        operations.change_item,
        item_id=made.pk,
        version=version,
        text="Visit two fairs",
        after_days=21,
    )
    with pytest.raises(Conflict):
        on(world, operations.change_item, item_id=made.pk, version=version, text="x", after_days=1)
    gone = on(world, operations.drop_item, item_id=made.pk)
    assert [one.order for one in items(Kind.STEP)] == list(range(1, count + 1))
    with pytest.raises(NotFound):
        on(world, operations.drop_item, item_id=made.pk)
    back = ItemFacts(gone.kind, gone.text, gone.after_days)
    on(world, operations.add_item, item=back, order=gone.order)
    assert read(world).steps[2] == ("Visit two fairs", 21)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (ItemFacts("question", "  "), "text"),
        (ItemFacts("chapter", "x" * 301), "text"),
        (ItemFacts("step", "Visit"), "after_days"),
        (ItemFacts("step", "Visit", -1), "after_days"),
        (ItemFacts("step", "Visit", 366), "after_days"),
        (ItemFacts("poem", "Roses"), "kind"),
    ],
)
def test_a_bad_line_is_refused_at_its_field(world, item, field):
    begin(world)
    with pytest.raises(InvalidInput) as refused:
        on(world, operations.add_item, item=item)
    assert refused.value.field == field


def test_a_template_has_thirty_lines_of_a_kind_at_most(world):
    lines = [ItemFacts("chapter", f"Chapter {number}") for number in range(30)]
    made = on(world, operations.write_template, version=0, items=lines)
    assert (made.version, read(world).questions) == (1, [])
    with pytest.raises(InvalidInput, match="30 of each kind"):
        on(world, operations.add_item, item=ItemFacts("chapter", "One more"))
    with pytest.raises(InvalidInput, match="30 of each kind"):
        on(world, operations.write_template, version=1, items=[*lines, lines[0]])
    with pytest.raises(Conflict):
        on(world, operations.write_template, version=0, items=lines)
    on(world, operations.write_template, version=1, items=lines[:2])
    assert read(world).chapters == ["Chapter 0", "Chapter 1"]


def test_ours_cannot_be_changed_by_a_line_and_a_reset_brings_it_back(world):
    with pytest.raises(Conflict, match="Create your own copy"):
        on(world, operations.add_item, item=ItemFacts("chapter", "Ports"))
    begin(world)
    on(world, operations.reset_template, world.b.ambassador)
    assert not read(world).is_own
    assert not TemplateItem.objects.exists()
    on(world, operations.reset_template)
    assert AuditEntry.objects.filter(verb="reset_template").count() == 1


def test_an_own_template_keeps_its_words_in_every_language(world):
    begin(world)
    with translation.override("fr"):
        assert read(world).chapters == [one.text for one in items(Kind.CHAPTER)]


def test_nobody_else_writes_a_template_or_a_lesson(world):
    begin(world)
    line = items(Kind.STEP)[0]
    for person in (
        world.a.representatives[0],
        world.b.representatives[0],
        world.c.manager,
        world.nobody_special,
    ):
        for operation, given in (
            (operations.begin_template, {}),
            (operations.reset_template, {}),
            (operations.drop_item, {"item_id": line.pk}),
            (operations.write_lesson, {"text": "Ask first."}),
        ):
            with pytest.raises(NotFound):
                on(world, operation, person, **given)
    with pytest.raises(NotFound):
        on(world, operations.begin_template, question="weather")
    assert read(world).is_own


def test_lessons_wait_until_they_are_in_the_template(world):
    engagement = make_engagement(world)
    first = on(
        world,
        operations.write_lesson,
        text=" Ask for\nprices at once. ",
        engagement_id=engagement.pk,
    )
    on(world, operations.write_lesson, text="Call in the morning.", question="price")
    assert (first.text, first.engagement_id) == ("Ask for prices at once.", engagement.pk)
    pk = world.partnership.pk
    assert queries.count_open(pk) == {"demand": 1, "price": 1}
    do(world.b.ambassador, operations.apply_lesson, partnership_id=pk, lesson_id=first.pk)
    assert queries.count_open(pk) == {"price": 1}
    assert [one.question for one in queries.find_lessons(pk)] == ["price", "demand"]
    do(world.a.ambassador, operations.open_lesson, partnership_id=pk, lesson_id=first.pk)
    do(world.a.ambassador, operations.open_lesson, partnership_id=pk, lesson_id=first.pk)
    assert Lesson.objects.get(pk=first.pk).applied_at is None
    assert AuditEntry.objects.filter(verb="open_lesson").count() == 1
    for text, field in (("", "text"), ("x" * 1001, "text")):
        with pytest.raises(InvalidInput) as refused:
            on(world, operations.write_lesson, text=text)
        assert refused.value.field == field
    with pytest.raises(NotFound):
        on(world, operations.write_lesson, text="x", engagement_id=engagement.pk + 1)
