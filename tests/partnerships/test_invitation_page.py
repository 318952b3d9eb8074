"""Who is invited to an alliance finds what waits for its signature."""

from django.utils import timezone

from proxeny.partnerships.models import Agreement
from tests.factories.partnerships import AgreementFactory
from tests.partnerships.test_pages import body
from tests.partnerships.test_stages import invite


def test_the_invited_manager_is_led_to_the_text(world, sign_in):
    room = f"/partnerships/{world.partnership.pk}/"
    AgreementFactory(partnership=world.partnership, completed_at=timezone.now())
    invite(world)
    text = Agreement.objects.get(kind=Agreement.Kind.JOINING)
    way = f"{room}texts/{text.pk}/"
    client = sign_in(world.c.manager)
    page = body(client.get(room))
    assert f'href="{way}"' in page
    assert "Waiting for you" in page
    # Of the room itself nothing is told, nor a way to it.
    assert f"{room}goals/" not in page
    asked = body(client.get(way))
    assert "Sign for your side" in asked
    client.post(f"{way}sign/", {"text_hash": text.text_hash})
    assert f'href="{way}"' not in body(client.get(room))
