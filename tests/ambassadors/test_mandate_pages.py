"""Pages of mandates: as the member's people see them, and as the desk answers them."""

import pytest
from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.ambassadors.operations.mandates import answer_mandate
from proxeny.partnerships.models import Partnership
from tests.ambassadors.desk import do
from tests.ambassadors.own import OWN, asked, mandate, page, text_of
from tests.forms import form_of

pytestmark = pytest.mark.django_db


def test_a_mandate_is_asked_changed_withdrawn_and_asked_again(world, sign_in):
    client = sign_in(world.a.representatives[0])
    url = page("own-mandate-new")
    values = form_of(client.get(url), "whom")
    answer = client.post(url, values | {"seeks": "", "until": "2001-01-01"})
    assert answer.status_code == 422
    assert "Describe what you’re looking for" in text_of(answer)
    answer = client.post(url, values | {"seeks": "A lab.", "until": "2001-01-01"})
    assert "This date is in the past." in text_of(answer)
    answer = client.post(
        url, values | {"seeks": "A lab.", "no_go": "French member 2\r\nB"}, follow=True
    )
    made = Mandate.objects.get()
    assert answer.redirect_chain[-1][0] == page("own-mandate", made.pk)
    assert "Waiting for the ambassador" in text_of(answer)
    answer = client.post(url, values | {"seeks": "Another lab."})
    assert answer.status_code == 422
    assert "You’ve already sent a mandate." in text_of(answer)
    do(
        world.a.ambassador,
        answer_mandate,
        mandate_id=made.pk,
        state="question",
        answer="Which field?",
        now=timezone.now(),
    )
    edit = page("own-mandate-edit", made.pk)
    assert "Which field?" in text_of(client.get(page("own-mandate", made.pk)))
    answer = client.post(
        edit, form_of(client.get(edit)) | {"seeks": "A lab for stone."}, follow=True
    )
    made.refresh_from_db()
    assert (made.state, made.seeks) == (Mandate.State.ASKED, "A lab for stone.")
    answer = client.post(page("own-mandate-withdraw", made.pk), follow=True)
    assert page("own-mandate-again", made.pk) in answer.content.decode()
    assert client.get(edit).status_code == 302
    client.post(page("own-mandate-again", made.pk))
    made.refresh_from_db()
    assert made.state == Mandate.State.ASKED


def test_nobody_else_opens_a_members_mandate(world, sign_in):
    made = mandate(world)
    urls = [page(f"own-mandate{one}", made.pk) for one in ("", "-edit")]
    posts = [page(f"own-mandate-{one}", made.pk) for one in ("withdraw", "again", "edit")]
    for person in (
        world.a.representatives[1],
        world.a.ambassador,
        world.b.manager,
        world.c.manager,
        world.nobody_special,
    ):
        client = sign_in(person)
        assert [client.get(url).status_code for url in urls] == [404, 404], person
        assert {client.post(url).status_code for url in posts} <= {403, 404}, person
    made.refresh_from_db()
    assert made.state == Mandate.State.ASKED


def test_who_has_nobody_to_ask_is_told_so(world, sign_in):
    assert "No ambassador to ask" in text_of(
        sign_in(world.c.representatives[0]).get(page("own-mandate-new"))
    )
    answer = sign_in(world.a.manager).post(page("own-mandate-new"), {"seeks": "x"})
    assert answer.status_code == 422
    assert not Mandate.objects.exists()


def test_an_ended_partnership_leaves_what_was_asked_readable(world, sign_in):
    made, case = mandate(world), asked(world)
    Partnership.objects.update(state=Partnership.State.ENDED)
    client = sign_in(world.a.representatives[0])
    text = text_of(client.get(OWN))
    assert "Athens – Paris" in text
    assert "French member 1" in text
    assert client.get(page("own-case", case.pk)).status_code == 200
    edit = page("own-mandate-edit", made.pk)
    answer = client.post(edit, form_of(client.get(edit)) | {"seeks": "New."})
    assert "has ended" in text_of(answer)
    assert client.post(page("own-mandate-withdraw", made.pk)).status_code == 302


def test_the_desk_answers_what_it_has_read(world, sign_in):
    made = mandate(world, no_go="French member 2")
    desk = sign_in(world.a.ambassador)
    url, room = page("mandate", world.partnership.pk, made.pk), world.partnership.pk
    assert "Waiting for you" in text_of(desk.get(page("mandates", room)))
    shown = desk.get(url)
    assert "French member 2" in text_of(shown)
    seen = form_of(shown, "seen")
    post = page("mandate-answer", room, made.pk)
    answer = desk.post(post, seen | {"state": "declined"})
    assert answer.status_code == 422
    assert "Give a reason" in text_of(answer)
    member = sign_in(world.a.representatives[0])
    edit = page("own-mandate-edit", made.pk)
    member.post(edit, form_of(member.get(edit)) | {"seeks": "Something quite different."})
    answer = desk.post(post, seen | {"state": "accepted", "answer": "Gladly."})
    text = text_of(answer)
    assert answer.status_code == 422
    assert "Someone else has changed this since you opened it" in text
    assert "Something quite different." in text
    assert "Gladly." in text
    answer = desk.post(post, form_of(answer, "seen") | {"state": "accepted"}, follow=True)
    html = answer.content.decode().replace("&amp;", "&")
    new = f"{page('new', room)}?member={made.member_id}&mandate={made.pk}"
    assert new in html
    assert "Gladly." in text_of(member.get(page("own-mandate", made.pk)))


def test_the_other_desk_and_strangers_find_no_mandate(world, sign_in):
    made = mandate(world)
    room = world.partnership.pk
    one, post = page("mandate", room, made.pk), page("mandate-answer", room, made.pk)
    for person in (
        world.b.ambassador,
        world.b.manager,
        world.c.manager,
        world.nobody_special,
        world.a.representatives[0],
    ):
        client = sign_in(person)
        assert client.get(one).status_code == 404, person
        assert client.post(post, {"state": "accepted", "seen": "1"}).status_code in (403, 404)
    assert "No mandates yet" in text_of(sign_in(world.b.ambassador).get(page("mandates", room)))
    for person in (world.c.manager, world.a.representatives[0]):
        assert sign_in(person).get(page("mandates", room)).status_code == 404
    made.refresh_from_db()
    assert made.state == Mandate.State.ASKED


def test_the_desks_list_is_narrowed_and_shows_what_was_done_under_a_mandate(world, sign_in):
    made = mandate(world)
    do(
        world.a.ambassador,
        answer_mandate,
        mandate_id=made.pk,
        state="accepted",
        answer="",
        now=timezone.now(),
    )
    case = asked(world)
    Introduction.objects.filter(pk=case.pk).update(mandate=made)
    mandate(world, 1)
    client, url = sign_in(world.a.ambassador), page("mandates", world.partnership.pk)
    text = text_of(client.get(url))
    assert text.index("Greek member 2") < text.index("Greek member 1")
    text = text_of(client.get(url, {"state": "accepted"}))
    assert "Greek member 2" not in text
    assert "1 mandate" in text
    assert "Nothing matches" in text_of(client.get(url, {"state": "declined"}))
    assert client.get(url, {"state": "nonsense"}).status_code == 200
    html = client.get(page("mandate", world.partnership.pk, made.pk)).content.decode()
    assert page("case", world.partnership.pk, case.pk) in html
