"""Awards once they are given, by program."""

import pytest
from django.utils import timezone

from proxeny.labels.models import Application, Checkup
from tests.labels.living import asked, ending, give, open_round

pytestmark = pytest.mark.django_db
OWN = "/labels/own/awards"


def room(award, rest):
    return f"/labels/partnerships/{award.partnership_id}/schemes/{award.scheme_id}{rest}"


def test_a_holder_reads_renews_and_asks_for_a_name(world, call):
    award = ending(world)
    asked(award)
    held = open_round(award)
    holder = call(world.a.representatives[0])
    [row] = holder.get(OWN).json()["results"]
    assert (row["id"], row["label"], row["state"], row["can_renew"]) == (
        award.pk,
        "Atlas",
        "valid",
        True,
    )
    assert [one["state"] for one in row["checkups"]] == ["waiting"]
    answer = holder.post(f"{OWN}/{award.pk}/renewal", {"changed": "Faster."})
    one = Application.objects.get(renews=award)
    assert (answer.status_code, answer.json()) == (201, {"application_id": one.pk})
    assert (one.round, one.changed) == (held, "Faster.")
    assert holder.get(f"{OWN}/{award.pk}").json()["renewal_id"] == one.pk
    assert holder.post(f"{OWN}/{award.pk}/name", {"name": "New"}).status_code == 202
    again = holder.post(f"{OWN}/{award.pk}/name", {"name": "New"})
    assert (again.status_code, "already" in again.json()["detail"]) == (409, True)
    for person in (world.a.manager, world.b.representatives[0]):
        assert call(person).get(OWN).json()["results"] == []
        assert call(person).post(f"{OWN}/{award.pk}/renewal", {}).status_code == 404


def test_a_check_up_is_asked_answered_and_looked_at(world, call):
    award = give(world)
    manager, holder = call(world.a.manager), call(world.a.representatives[0])
    made = manager.post(room(award, "/checkups"), {"award_id": award.pk})
    assert made.status_code == 201, made.json()
    number = made.json()["id"]
    own = f"/labels/own/checkups/{number}"
    refused = holder.put(own, {"still_holds": False})
    assert refused.status_code == 422
    assert "what has changed" in str(refused.json())
    given = {
        "still_holds": True,
        "achieved": "Two ports.",
        "kind": "funding",
        "amount": "12.50",
        "currency": "EUR",
        "is_public": True,
        "mark": made.json()["mark"],
    }
    answer = holder.put(own, given)
    assert (answer.status_code, answer.json()["amount"], answer.json()["state"]) == (
        200,
        "12.50",
        "to-review",
    )
    assert holder.put(own, given).status_code == 409
    [row] = manager.get(room(award, "/checkups"), {"state": "to-review"}).json()["results"]
    assert (row["id"], row["title"], row["holder"]) == (number, "Nets", award.holder)
    one = f"/labels/partnerships/{award.partnership_id}/checkups/{number}"
    assert manager.get(one).json()["achieved"] == "Two ports."
    assert manager.post(f"{one}/review", {"review": "Thanks."}).json()["state"] == "reviewed"
    assert holder.put(own, {"still_holds": True}).status_code == 409
    for person, status in ((world.a.ambassador, 403), (world.a.representatives[0], 404)):
        assert call(person).get(one).status_code == status
        assert call(person).get(room(award, "/checkups")).status_code == status


def test_all_that_are_due_are_asked(world, call):
    award = give(world, days=400)
    manager = call(world.b.manager)
    assert len(manager.post(room(award, "/checkups/due")).json()) == 1
    assert manager.post(room(award, "/checkups/due")).status_code == 409
    assert Checkup.objects.count() == 1


def test_the_figures_of_a_label(world, call):
    award = give(world)
    asked(award, kind="jobs", amount=3, achieved="x", still_holds=True, answered_at=timezone.now())
    told = call(world.b.manager).get(room(award, "/statistics")).json()
    assert told["all"] == {
        "key": "",
        "applied": 1,
        "passed": 1,
        "chosen": 1,
        "awarded": 1,
        "percent": None,
        "low": None,
        "high": None,
    }
    assert [one["key"] for one in told["origins"]] == ["GR"]
    assert told["achieved"] == [
        {
            "kind": "jobs",
            "currency": "",
            "projects": 1,
            "figures": 1,
            "total": "3.00",
            "answered": 1,
            "asked": 1,
        }
    ]
    assert call(world.a.ambassador).get(room(award, "/statistics")).status_code == 403
