"""The pages of templates and lessons."""

import re

import pytest

from proxeny.assessments.models import Lesson, Question, Template, TemplateItem
from tests.assessments.test_catalogue_pages import page, text_of
from tests.assessments.test_templates import begin, items, read
from tests.factories.assessments import LessonFactory
from tests.forms import form_of

pytestmark = pytest.mark.django_db


def test_a_template_is_made_ones_own_and_changed(world, sign_in):
    pk = world.partnership.pk
    client, one = sign_in(world.a.ambassador), page("template", pk, "demand")
    assert "Proxeny’s template" in text_of(client.get(page("templates", pk)))
    shown = text_of(client.get(one))
    assert "Who buys from you today, and what for?" in shown
    assert "Add a step" not in shown
    answer = client.post(page("template-begin", pk, "demand"), follow=True)
    assert "Add a step" in text_of(answer)
    add = page("template-add", pk, "demand", "step")
    answer = client.post(add, {"step-text": "Visit a fair"})
    assert answer.status_code == 422
    assert "Enter the number of days after the brief" in text_of(answer)
    assert "Enter a sentence." in text_of(client.post(add, {"step-after_days": "9"}))
    answer = client.post(add, {"step-text": "Visit a fair", "step-after_days": "9"})
    assert answer["Location"] == f"{one}#step"
    made = items("step")[-1]
    assert (made.text, made.after_days) == ("Visit a fair", 9)
    line = page("template-line", pk, "demand", made.pk)
    values = form_of(client.get(line))
    client.post(line, values | {"text": "Visit two fairs"})
    client.post(page("template-line-move", pk, "demand", made.pk), {"to": "up"})
    made.refresh_from_db()
    assert (made.text, made.order) == ("Visit two fairs", len(items("step")) - 1)
    answer = client.post(page("template-line-drop", pk, "demand", made.pk), follow=True)
    assert "“Visit two fairs” removed." in text_of(answer)
    undo = re.search(r'action="([^"]*restore[^"]*)"', answer.content.decode())[1]
    client.post(undo.replace("&amp;", "&"))
    assert read(world).steps[-2] == ("Visit two fairs", 9)
    answer = client.get(page("template-reset", pk, "demand"))
    assert "will be discarded and can’t be restored" in text_of(answer)
    assert Template.objects.exists()
    client.post(page("template-reset", pk, "demand"))
    assert not Template.objects.exists()
    assert client.get(page("template-reset", pk, "demand")).status_code == 302


def test_who_opens_templates_and_lessons(world, sign_in):
    begin(world)
    lesson = LessonFactory(partnership=world.partnership)
    pk, line = world.partnership.pk, items("step")[0].pk
    gets = [
        page("templates", pk),
        page("template", pk, "demand"),
        page("lessons", pk, "demand"),
        page("template-line", pk, "demand", line),
        page("template-reset", pk, "demand"),
    ]
    posts = [
        page("template-begin", pk, "price"),
        page("template-add", pk, "demand", "chapter"),
        page("template-line-move", pk, "demand", line),
        page("lesson-write", pk, "demand"),
        page("template-line-drop", pk, "demand", line),
        page("template-reset", pk, "demand"),
        page("template-restore", pk, "demand") + "?kind=chapter&text=x",
        page("lesson-apply", pk, lesson.pk),
        page("lesson-open", pk, lesson.pk),
    ]
    for person in (world.a.ambassador, world.b.manager):
        assert [sign_in(person).get(url).status_code for url in gets] == [200] * len(gets)
    count = TemplateItem.objects.count()
    for person in (
        world.a.representatives[0],
        world.b.representatives[0],
        world.c.manager,
        world.nobody_special,
    ):
        client = sign_in(person)
        assert {client.get(url).status_code for url in gets} == {404}, person
        assert {
            client.post(url, {"chapter-text": "x", "text": "x"}).status_code for url in posts
        } == {404}, person
    assert (TemplateItem.objects.count(), Lesson.objects.count()) == (count, 1)
    client = sign_in(world.a.manager)
    for url in (
        page("template", pk, "weather"),
        page("lessons", pk, "weather"),
        page("template-line", pk, "demand", 10**9),
    ):
        assert client.get(url).status_code == 404
    assert client.post(page("template-add", pk, "demand", "poem")).status_code == 404
    assert client.post(page("template-restore", pk, "demand")).status_code == 404


def test_lessons_are_kept_put_into_the_template_and_taken_up_again(world, sign_in):
    pk = world.partnership.pk
    client, own = sign_in(world.b.ambassador), page("lessons", pk, "price")
    assert "No lessons yet" in text_of(client.get(own))
    write = page("lesson-write", pk, "price")
    answer = client.post(write, {"text": " "})
    assert answer.status_code == 422
    assert "Enter a sentence." in text_of(answer)
    client.post(write, {"text": "Ask for the price range at once."})
    made = Lesson.objects.get()
    assert (made.question, made.written_by) == ("price", world.b.ambassador)
    assert "1 lesson waiting" in text_of(client.get(page("templates", pk)))
    answer = client.post(page("lesson-apply", pk, made.pk), follow=True)
    assert answer.redirect_chain[-1][0] == f"{page('template', pk, 'price')}?lesson={made.pk}"
    assert "Ask for the price range at once." in text_of(answer)
    assert page("lesson-open", pk, made.pk) in answer.content.decode()
    assert "Added to the template" in text_of(client.get(own))
    client.post(page("lesson-open", pk, made.pk))
    made.refresh_from_db()
    assert made.applied_at is None


def test_lists_take_the_same_queries_with_one_and_with_three(
    world, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.ambassador)
    pk = world.partnership.pk
    urls = {page("lessons", pk, "demand"): LESSONS, page("templates", pk): TEMPLATES}
    for rows in (1, 3):
        while Lesson.objects.count() < rows:
            LessonFactory(partnership=world.partnership, written_by=world.a.manager)
        for question in Question.values[:rows]:
            Template.objects.get_or_create(partnership=world.partnership, question=question)
        for url, count in urls.items():
            with django_assert_num_queries(count):
                assert client.get(url).status_code == 200


#: Queries of the two pages, with those of the frame.
LESSONS, TEMPLATES = 15, 13
