"""Pages of keys and awards, in the room and for a cluster's managers."""

import csv
import io
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.labels.models import Application, Award, IssuerKey
from proxeny.partnerships.models import Agreement, Interest
from tests.forms import form_of
from tests.labels.awarding import awarded, decided, keys, sign
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return unescape(words(answer.content.decode()))


def url(name, *arguments):
    return reverse(f"labels:{name}", args=arguments)


def round_url(held, name="round-awards"):
    return url(name, held.partnership_id, held.pk)


def award_url(award, name="award-room"):
    return url(name, award.partnership_id, award.scheme_id, award.pk)


def test_a_manager_makes_replaces_and_loses_a_key(world, sign_in):
    client, pk = sign_in(world.a.manager), world.a.cluster.pk
    assert "Create your key" in text_of(client.get(url("keys", pk)))
    made = client.post(url("key-make", pk), follow=True)
    assert "Your cluster can now sign awards." in text_of(made)
    assert "Replace the key" in text_of(made)
    again = client.post(url("key-make", pk), follow=True)
    assert "There’s already a key. Replace it, or report it as lost." in text_of(again)
    replaced = client.post(url("key-replace", pk), follow=True)
    assert "From now on, a new key signs." in text_of(replaced)
    page = client.get(url("key-lost", pk, 2))
    assert "From now on, nothing signed with this key counts" in text_of(page)
    refused = client.post(url("key-lost", pk, 2), {"why": "", "lost_on": "2020-01-01"})
    assert refused.status_code == 422
    assert "in one sentence that anyone can read" in text_of(refused)
    refused = client.post(url("key-lost", pk, 2), {"why": "Broken into.", "lost_on": "2020-01-01"})
    assert (refused.status_code, 'value="Broken into."' in refused.content.decode()) == (422, True)
    lost = client.post(url("key-lost", pk, 2), {"why": "Broken into."}, follow=True)
    assert "The loss has been recorded and is public. Create a new key now." in text_of(lost)
    assert IssuerKey.objects.filter(lost_at=None, retired_at=None).count() == 0
    assert client.get(url("key-lost", pk, 2)).status_code == 404


def test_keys_are_for_the_managers_of_the_cluster_alone(world, sign_in):
    for who, person in {**team(world), **others(world)}.items():
        status = sign_in(person).get(url("keys", world.a.cluster.pk)).status_code
        assert (status == 200) is (who == "manager of A"), who


def test_with_another_secret_the_page_says_what_to_do(world, sign_in, settings):
    keys(world)
    client = sign_in(world.a.manager)
    with_secret = client.get(url("keys", world.a.cluster.pk))
    assert "can no longer be used" not in text_of(with_secret)
    from proxeny.labels.operations import key_stores

    settings.KEY_STORE = "database"
    IssuerKey.objects.update(sealed=b"\1" + b"0" * 60)
    shown = client.get(url("keys", world.a.cluster.pk))
    assert shown.status_code == 200
    assert "This key can no longer be used on this site" in text_of(shown)
    assert key_stores.store_for_new()[0] == "database"


def test_awards_are_put_signed_and_read_by_both_sides(world, sign_in):
    held = decided(world)
    greek, french = sign_in(world.a.manager), sign_in(world.b.manager)
    shown = greek.get(round_url(held))
    assert "1 award to issue" in text_of(shown)
    assert "Greek cluster doesn’t have a key to sign with yet." in text_of(shown)
    assert f'href="{url("keys", world.a.cluster.pk)}"' in shown.content.decode()
    assert f'href="{url("keys", world.b.cluster.pk)}"' not in shown.content.decode()
    keys(world)
    shown = greek.get(round_url(held))
    assert "Needed before they can be signed" not in text_of(shown)
    answer = greek.post(round_url(held, "awards-put"), form_of(shown, "seen"), follow=True)
    assert "Signed for your side. The other side has been asked to sign." in text_of(answer)
    assert "Greek cluster Greek manager" in text_of(answer)
    assert "Awaiting signatures" in text_of(answer)
    agreement = Agreement.objects.get(kind="award")
    there = reverse("partnerships:text", args=[held.partnership_id, agreement.pk])
    assert f'href="{there}"' in french.get(round_url(held)).content.decode()
    assert "the awards of “Spring 2026”" in text_of(french.get(there))
    sign(world.b.manager, agreement)
    done = text_of(french.get(round_url(held)))
    assert "Awarded" in done
    assert "Greek member 1 Valid" in done
    award = Award.objects.get()
    page = text_of(french.get(award_url(award)))
    assert "Greek cluster" in page
    assert "with key 1" in page


def test_a_day_that_is_over_is_told_and_what_was_typed_stays(world, sign_in):
    keys(world)
    held = decided(world)
    client = sign_in(world.a.manager)
    seen = form_of(client.get(round_url(held)), "seen")
    refused = client.post(round_url(held, "awards-put"), {**seen, "from_on": "2020-01-01"})
    assert refused.status_code == 422
    assert "Choose today or a later date." in text_of(refused)
    assert 'value="2020-01-01"' in refused.content.decode()


def test_a_round_that_is_not_decided_says_so_and_a_conflict_hides_who_is_awarded(world, sign_in):
    held = decided(world)
    held.state = "discussing"
    held.save()
    client = sign_in(world.a.manager)
    assert "The round isn’t decided yet" in text_of(client.get(round_url(held)))
    held.state = "decided"
    held.save()
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=Application.objects.get().pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    shown = text_of(client.get(round_url(held)))
    assert "You declared a conflict of interest" in shown
    assert "Project 0" not in shown


def test_only_managers_of_both_clusters_see_the_awards_of_a_round(world, sign_in):
    held = decided(world)
    for who, person in {**team(world), **others(world)}.items():
        status = sign_in(person).get(round_url(held)).status_code
        assert (
            (status == 200) is who.startswith("manager of") and who != "manager of C"
        ) or status in (
            403,
            404,
        ), who


def test_the_list_is_searched_narrowed_sorted_and_exported(world, sign_in):
    awards = awarded(world, 3)
    client = sign_in(world.a.manager)
    place = url("awards", world.partnership.pk, awards[0].scheme_id)

    def titles(query=""):
        return [row["one"].title for row in client.get(place + query).context["rows"]]

    assert titles("?sort=title") == ["Project 0", "Project 1", "Project 2"]
    assert titles("?sort=-title") == ["Project 2", "Project 1", "Project 0"]
    assert titles("?q=firm+1") == ["Project 1"]
    assert titles("?state=valid&sort=title") == ["Project 0", "Project 1", "Project 2"]
    assert titles("?state=revoked") == []
    assert titles(f"?level={awards[0].level}&country={awards[0].country}&q=Project+0") == [
        "Project 0"
    ]
    assert titles("?year=1999") == titles()
    answer = client.get(f"{place}export/?form=csv&q=Project+2")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:2] == ["Project 2", "Firm 2"]
    assert rows[1][8].endswith(f"/awards/{awards[2].code}/")
    assert client.get(f"{place}export/?form=xlsx").content[:2] == b"PK"


def test_the_list_asks_as_often_for_one_award_as_for_three(world, sign_in):
    keys(world)
    client = sign_in(world.a.manager)
    counts = []
    for many in (1, 3):
        held = decided(world, many, slug=f"atlas-{many}")
        from tests.labels.awarding import put

        sign(world.b.manager, put(world.a.manager, held))
        place = url("awards", world.partnership.pk, held.scheme_id)
        client.get(place)
        with CaptureQueriesContext(connection) as asked:
            assert len(client.get(place).context["rows"]) == many
        counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            client.get(round_url(held))
        counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_an_award_is_revoked_from_its_page(world, sign_in):
    award = awarded(world)[0]
    client = sign_in(world.a.manager)
    refused = client.post(award_url(award, "award-revoke"), {"reason": ""})
    assert (refused.status_code, "Give a reason in one sentence." in text_of(refused)) == (
        422,
        True,
    )
    asked = client.post(award_url(award, "award-revoke"), {"reason": "It has ended."}, follow=True)
    assert "Its revocation is waiting for signatures" in text_of(asked)
    assert "Change the name" not in text_of(asked)
    agreement = Agreement.objects.get(kind="revoke")
    assert "the revocation of “Project 0”" in text_of(
        client.get(reverse("partnerships:text", args=[world.partnership.pk, agreement.pk]))
    )
    sign(world.b.manager, agreement)
    shown = text_of(client.get(award_url(award)))
    assert "Revoked" in shown
    assert "It has ended." in shown


def test_an_award_gets_another_name_from_its_page(world, sign_in):
    award = awarded(world)[0]
    client = sign_in(world.b.manager)
    refused = client.post(award_url(award, "award-rename"), {"holder": award.holder})
    assert (refused.status_code, "already has this name" in text_of(refused)) == (422, True)
    asked = client.post(award_url(award, "award-rename"), {"holder": "Nets"}, follow=True)
    assert "An award under another name is waiting for signatures" in text_of(asked)
    sign(world.a.manager, Agreement.objects.filter(kind="award").latest("pk"))
    shown = text_of(client.get(award_url(award)))
    assert "Replaced" in shown
    assert "Followed by" in shown


def test_the_team_reads_awards_and_only_managers_act(world, sign_in):
    award = awarded(world)[0]
    ambassador = sign_in(world.b.ambassador)
    shown = text_of(ambassador.get(award_url(award)))
    assert "Who signed it" in shown
    assert "Revoke the award" not in shown
    for name, data in (("award-revoke", {"reason": "x"}), ("award-rename", {"holder": "x"})):
        assert ambassador.post(award_url(award, name), data).status_code == 403
    for person in others(world).values():
        assert sign_in(person).get(award_url(award)).status_code == 404
    other = decided(world, slug="atlas-other")
    wrong = url("award-room", world.partnership.pk, other.scheme_id, award.pk)
    assert ambassador.get(wrong).status_code == 404


def test_pages_are_there_in_other_languages(world, sign_in):
    award = awarded(world)[0]
    world.a.manager.language = "ar"
    world.a.manager.save()
    client = sign_in(world.a.manager)
    for place in (award_url(award), url("keys", world.a.cluster.pk)):
        assert client.get(place).status_code == 200
