"""The teams' page of an engagement: forms, one-click deeds, and their undo."""

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.assessments.models import Adviser, Engagement, Step
from tests.assessments.doing import ask, begin, declare, fresh, name
from tests.factories.assessments import make_engagement, make_service

pytestmark = pytest.mark.django_db
State = Engagement.State


def _at(name, one, *more):
    return reverse(f"assessments:{name}", args=[one.partnership_id, one.pk, *more])


def test_a_side_names_and_each_declares_on_the_page(world, sign_in):
    one = make_engagement(world)
    manager, ambassador = sign_in(world.a.manager), sign_in(world.a.ambassador)
    page = manager.get(_at("engagement", one)).content.decode()
    assert "This request hasn’t been accepted yet" in page
    answer = manager.post(_at("adviser-name", one), {"person": "", "effort_days": "4"})
    assert answer.status_code == 422
    manager.post(_at("adviser-name", one), {"person": world.a.ambassador.pk, "effort_days": "4"})
    assert Adviser.objects.get().person == world.a.ambassador
    page = ambassador.get(_at("engagement", one)).content.decode()
    assert "Do you have a conflict of interest?" in page
    answer = ambassador.post(_at("declare", one), {})
    assert answer.status_code == 422
    answer = ambassador.post(_at("declare", one), {"conflicts": "yes", "reason": ""})
    assert "Describe the conflict in a few words." in answer.content.decode()
    ambassador.post(_at("declare", one), {"conflicts": "no"})
    assert "no conflict of interest" in manager.get(_at("engagement", one)).content.decode()
    answer = ambassador.post(_at("declare", one), {"conflicts": "yes", "reason": "My sister."})
    assert answer["Location"] == reverse("assessments:list", args=[one.partnership_id])
    for address in ("engagement", "declare", "brief-edit", "decline"):
        assert ambassador.get(_at(address, one)).status_code in (404, 405)
        assert ambassador.post(_at(address, one), {"conflicts": "no"}).status_code in (404, 405)


def test_who_is_taken_out_can_be_taken_back(world, sign_in):
    one = ask(world)
    name(one, world.a)
    client = sign_in(world.a.manager)
    page = client.post(_at("adviser-release", one, world.a.ambassador.pk), follow=True)
    undo = _at("adviser-return", one, world.a.ambassador.pk)
    assert undo in page.content.decode()
    client.post(undo)
    assert Adviser.objects.get().left_at is None


def test_steps_by_page(world, sign_in):
    one = begin(world)
    client = sign_in(world.a.ambassador)
    today = timezone.localdate().isoformat()
    answer = client.post(_at("step-add", one), {"title": "", "due_on": today})
    assert answer.status_code == 422
    owner = f"person-{world.b.ambassador.pk}"
    client.post(_at("step-add", one), {"title": "Call Lyon", "due_on": today, "owner": owner})
    step = Step.objects.get(title="Call Lyon")
    assert step.person == world.b.ambassador
    answer = client.post(
        _at("step-edit", one, step.pk),
        {"title": "Call Lille", "due_on": today, "owner": owner, "version": "1"},
    )
    assert answer.status_code == 302
    page = client.post(_at("step-finish", one, step.pk), follow=True).content.decode()
    assert _at("step-reopen", one, step.pk) in page
    page = client.post(_at("step-drop", one, step.pk), follow=True)
    assert not Step.objects.filter(pk=step.pk).exists()
    [message] = list(page.context["messages"])
    undo = message.extra_tags.removeprefix("undo:")
    client.post(undo)
    back = Step.objects.get(title="Call Lille")
    assert (back.done_on.isoformat(), back.person) == (today, world.b.ambassador)
    # What a message carries cannot be written by anybody else, nor used elsewhere.
    client.post(undo.replace("step=", "step=x"))
    other = begin(world, service=make_service(world), member=1)
    client.post(f"{_at('step-restore', other)}?{undo.partition('?')[2]}")
    assert Step.objects.filter(title="Call Lille").count() == 1
    assert sign_in(world.a.manager).get(_at("step-edit", one, back.pk)).status_code == 403


def test_it_is_closed_and_taken_up_again_on_the_page(world, sign_in):
    one = begin(world)
    client = sign_in(world.b.manager)
    answer = client.post(_at("close", one), {"seen": one.version, "text": ""})
    assert answer.status_code == 422
    page = client.post(_at("close", one), {"seen": one.version, "text": "Ask."}, follow=True)
    assert _at("reopen", one) in page.content.decode()
    assert fresh(one).state == State.CLOSED
    client.post(_at("reopen", one))
    assert fresh(one).state == State.WORKING


def test_a_request_is_noted_by_service_and_company(world, sign_in):
    service = make_service(world)
    client = sign_in(world.b.ambassador)
    address = reverse("assessments:note", args=[world.partnership.pk])
    assert "Demand check" in client.get(address).content.decode()
    page = client.get(address, {"service": service.pk}).content.decode()
    assert "Greek member 1" in page
    assert "Other member 1" not in page
    answer = client.post(
        f"{address}?service={service.pk}",
        {
            "client": world.b.members[0].pk,
            "title": "Do they buy?",
            "market": "GR",
            "language": "en",
        },
    )
    one = Engagement.objects.get()
    assert answer["Location"] == _at("engagement", one)
    assert client.get(address, {"service": 999999}).status_code == 404


def test_the_page_asks_as_often_with_many_rows_as_with_one(
    world, sign_in, django_assert_max_num_queries
):
    one = begin(world)
    for person in (world.a.manager, world.b.manager):
        side = world.a if person == world.a.manager else world.b
        name(one, side, person, leads=False)
        declare(one, person)
    with django_assert_max_num_queries(75):
        sign_in(world.a.ambassador).get(_at("engagement", one))
