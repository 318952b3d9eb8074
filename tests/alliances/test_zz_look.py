import re
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from proxeny.alliances.models import Page
from proxeny.directory.models import Organisation
from tests.alliances.showing import *
from tests.alliances.test_public import another

@pytest.mark.django_db
def test_look(world, sign_in):
    fill_room(world)
    Organisation.objects.filter(pk=world.a.cluster.pk).update(website="https://greek.example", city="Athens", name="Creative and Digital Industries Cluster of Attica")
    Organisation.objects.filter(pk=world.b.cluster.pk).update(city="Paris")
    found = keys(world)
    draft(world, shown=[k for n,k in found.items() if n not in ("shy","own")], slug="ports")
    def save(name, client, url, lang="en"):
        client.cookies.load({settings.LANGUAGE_COOKIE_NAME: lang})
        html = client.get(url).content.decode()
        html = re.sub(r'(?<=["\'(])/static/([^"\'#?)]+)', lambda m: "file://"+(finders.find(m[1]) or "x"), html)
        html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', '', html)
        open(f"/tmp/al/{name}.html","w").write(html)
    a = sign_in(world.a.manager)
    room = lambda n: reverse(f"alliances:{n}", args=[world.partnership.pk])
    save("preview", a, room("publication"))
    save("edit", a, room("edit"))
    publish(world)
    join(world)
    save("outdated", Client(), reverse("alliances:public", args=["ports"]))
    save("room", a, room("page"))
    publish(world, world.b.manager, world.c.manager)
    for i in range(2): another(world, i)
    save("public", Client(), reverse("alliances:public", args=["ports"]))
    save("public_ar", Client(), reverse("alliances:public", args=["ports"]), "ar")
    save("list", Client(), reverse("alliances:public-list"))
    save("room_ar", a, room("page"), "ar")
