"""The company's own pages: it asks, signs, reads its plan, and nobody else does."""

import pytest
from django.urls import reverse

from proxeny.assessments.models import Engagement
from proxeny.partnerships.models import Agreement, SharingGrant
from tests.assessments.doing import ask, begin, fresh, put, staff, told, write
from tests.factories.assessments import make_engagement, make_service

pytestmark = pytest.mark.django_db
State = Engagement.State


def _own(name, one):
    return reverse(f"assessments:{name}", args=[one.pk])


def test_a_company_asks_on_a_page_and_reads_its_request(world, sign_in):
    service = make_service(world)
    client, address = (
        sign_in(world.a.representatives[0]),
        reverse("assessments:ask", args=[service.pk]),
    )
    page = client.get(address).content.decode()
    # The other country is proposed, and our questions are asked.
    assert '<option value="FR" selected>' in page
    assert "answer_1" in page
    answer = client.post(address, {"title": "", "market": "FR", "language": "en"})
    assert answer.status_code == 422
    assert "Enter what you want to know in one sentence." in answer.content.decode()
    answer = client.post(
        address,
        {
            "title": "Do they buy?",
            "market": "FR",
            "language": "fr",
            "answer_1": "Small ones",
            "client": world.a.members[0].pk,
        },
    )
    one = Engagement.objects.get()
    assert answer["Location"] == _own("own-engagement", one)
    page = client.get(answer["Location"]).content.decode()
    for text in ("Do they buy?", "Small ones", "French", "What happens next"):
        assert text in page


def test_only_ones_own_company_can_be_chosen(world, sign_in):
    address = reverse("assessments:ask", args=[make_service(world).pk])
    answer = sign_in(world.a.representatives[1]).post(
        address,
        {
            "title": "Do they buy?",
            "market": "FR",
            "language": "en",
            "client": world.a.members[0].pk,
        },
    )
    assert answer.status_code == 422
    assert not Engagement.objects.exists()
    page = sign_in(world.a.ambassador).get(address).content.decode()
    assert "You can’t request it" in page
    assert sign_in(world.c.representatives[0]).get(address).status_code == 404


def test_it_says_when_no_place_is_free(world, sign_in):
    service = make_service(world, capacity=1)
    make_engagement(world, service=service, state=State.WORKING)
    page = (
        sign_in(world.a.representatives[1])
        .get(reverse("assessments:ask", args=[service.pk]))
        .content.decode()
    )
    assert "All places are taken" in page
    one = ask(world, service=service, member=1)
    assert told(world.a.representatives[1]) == [f"We’ve received your request: {one.title}"]
    address = reverse("assessments:engagement", args=[one.partnership_id, one.pk])
    assert "No places are free" in sign_in(world.b.manager).get(address).content.decode()


def test_a_request_is_changed_and_withdrawn_with_an_undo(world, sign_in):
    one = ask(world)
    client = sign_in(world.a.representatives[0])
    page = client.get(_own("own-edit", one)).content.decode()
    assert "Small studios." in page
    answer = client.post(
        _own("own-edit", one),
        {
            "title": "And Lyon?",
            "market": "FR",
            "language": "en",
            "answer_1": "None",
            "version": "1",
        },
    )
    assert answer.status_code == 302
    assert (fresh(one).title, one.answers.first().text) == ("And Lyon?", "None")
    answer = client.post(_own("own-withdraw", one), {"reason": ""})
    assert answer.status_code == 422
    page = client.post(_own("own-withdraw", one), {"reason": "No money."}, follow=True)
    assert _own("own-again", one) in page.content.decode()
    client.post(_own("own-again", one))
    assert fresh(one).state == State.ASKED


def test_a_company_signs_and_follows_the_plan(world, sign_in):
    one = staff(ask(world), world)
    client = sign_in(world.a.representatives[0])
    page = client.get(_own("own-engagement", one)).content.decode()
    assert "The teams are writing it." in page
    # What the teams draft is theirs until it is put before all, and who is checked too.
    write(one, world.a.ambassador)
    page = client.get(_own("own-engagement", one)).content.decode()
    assert "Know whether to enter." not in page
    assert "Greek ambassador" not in page
    text = put(one, world)
    page = client.get(_own("own-engagement", one)).content.decode()
    assert "Sign for Greek member 1" in page
    assert text.text_hash in page
    given = {"agreement": text.pk, "text_hash": text.text_hash}
    client.post(_own("own-sign", one), given)
    sign_in(world.b.manager).post(
        reverse("assessments:brief-sign", args=[world.partnership.pk, one.pk]), given
    )
    assert fresh(one).state == State.WORKING
    page = client.get(_own("own-engagement", one)).content.decode()
    assert one.steps.first().title in page
    assert "0 of " in page
    assert "Greek ambassador" in page


def test_a_company_refuses_with_a_reason(world, sign_in):
    one = staff(ask(world), world)
    write(one, world.a.ambassador)
    text = put(one, world)
    client = sign_in(world.a.representatives[0])
    answer = client.post(_own("own-refuse", one), {"agreement": text.pk, "why": ""})
    assert answer.status_code == 422
    client.post(_own("own-refuse", one), {"agreement": text.pk, "why": "Too dear."})
    assert Agreement.objects.get(pk=text.pk).closed_why == "Too dear."
    staff_page = sign_in(world.b.ambassador).get(
        reverse("assessments:engagement", args=[world.partnership.pk, one.pk])
    )
    assert "Too dear." in staff_page.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_often_for_many_as_for_one(
    world, sign_in, django_assert_num_queries, count
):
    service = make_service(world)
    for number in range(count):
        make_engagement(world, service=service, title=f"Puzzle {number}")
    client = sign_in(world.a.representatives[0])
    with django_assert_num_queries(22):
        answer = client.get(reverse("assessments:own"))
    assert answer.content.decode().count("Puzzle ") == count


def test_others_find_nothing_of_it(world, sign_in):
    one = begin(world)
    for person in (
        world.a.representatives[1],
        world.b.representatives[0],
        world.c.manager,
        world.nobody_special,
    ):
        client = sign_in(person)
        for name in ("own-engagement", "own-edit"):
            assert client.get(_own(name, one)).status_code == 404
        for name in ("own-withdraw", "own-again", "own-sign", "own-refuse"):
            assert client.post(_own(name, one), {"reason": "x", "why": "x"}).status_code == 404
        assert one.title not in client.get(reverse("assessments:own")).content.decode()
        assert client.get(reverse("history:show", args=["assessment", one.pk])).status_code == 404
    # The teams are led to their own page, and neither sign nor withdraw for the company.
    for person in (world.a.manager, world.b.ambassador):
        client = sign_in(person)
        assert client.get(_own("own-engagement", one))["Location"] == reverse(
            "assessments:engagement", args=[world.partnership.pk, one.pk]
        )
        assert client.post(_own("own-sign", one)).status_code == 404


def test_a_company_sees_its_own_when_the_service_is_gone_and_nothing_is_shared(world, sign_in):
    one = begin(world)
    SharingGrant.objects.all().delete()
    one.service.state = "retired"
    one.service.save()
    client = sign_in(world.a.representatives[0])
    assert one.title in client.get(reverse("assessments:own")).content.decode()
    page = client.get(_own("own-engagement", one))
    assert page.status_code == 200
    assert "French cluster" in page.content.decode()


def test_an_empty_list_leads_to_what_is_offered(world, sign_in):
    page = sign_in(world.a.representatives[0]).get(reverse("assessments:own")).content.decode()
    assert "You haven’t requested an assessment yet" in page
