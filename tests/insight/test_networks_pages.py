"""The pages of a cluster's network."""

import pytest
from django.urls import reverse

from tests.insight.networking import weave, work_out
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db


def read(client, name="network", status=200, **query):
    answer = client.get(reverse(f"insight:{name}"), query)
    assert answer.status_code == status, answer.status_code
    return words(answer.content.decode())


def test_before_the_first_work_the_page_says_what_will_be_there(world, sign_in):
    text = read(sign_in(world.a.manager))
    assert "Nothing is worked out yet" in text
    assert "Work out the figures" in text


def test_the_page_tells_where_the_cluster_stands(world, sign_in):
    weave(world)
    work_out(world.a.cluster)
    text = read(sign_in(world.a.manager))
    print(text)
    text = read(sign_in(world.a.manager), "network-organisations")
    print(text)
