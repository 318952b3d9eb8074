"""Searches for partners by program: asked for, read, taken, and taken back."""

import pytest

from proxeny.bids.models import Partner, Search
from proxeny.bids.operations.searching import settings_of
from proxeny.directory.models import Organisation
from proxeny.kernel import jobs
from proxeny.kernel.tenancy import SERVICE, enter
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.seeking import public, search, wish
from tests.partnerships.rooms import others, party, team
from tests.stages import staged

pytestmark = pytest.mark.django_db
SCOPES = ("bids:read", "bids:write", "partnerships:read", "partnerships:write")


@staged
def bid(world):
    made = bid_of(world, call=call_of(world, topics=["sensors"]))
    for side in (world.a, world.b):
        partner_of(made, side.members[0], party=party(world, side))
    return made


def all_of(bid):
    return f"/bids/{bid.partnership_id}/{bid.pk}/searches"


def one_of(found, *more):
    return "/".join((f"/bids/{found.partnership_id}/{found.bid_id}/searches/{found.pk}", *more))


def test_a_search_is_asked_for_worked_out_and_read(bid, world, call):
    oslo = public("Oslo lab", "NO", "Law of the sea")
    keep = [one.organisation_id for one in bid.partners.order_by("pk")]
    caller = call(world.a.ambassador, *SCOPES)
    wanted = {
        "keep": keep,
        "least": 3,
        "most": 3,
        "needs": [{"words": "law; droit", "must": True}, {"words": "sensors"}],
        "sides": [{"party_id": party(world, world.a).pk, "least": 1}],
        "figures": [{"cost": "1000.50"}, {"kind": "lab", "cost": 20, "request": 10}],
    }
    made = caller.post(all_of(bid), wanted)
    assert made.status_code == 202, made.content
    assert made.json()["state"] == "working"
    jobs.run(made.json()["job_id"])
    enter(SERVICE)
    shown = call(world.b.manager, *SCOPES).get(made["Location"].removeprefix("/api/v1")).json()
    assert (shown["state"], shown["title"]) == ("ready", "The best consortium")
    [proposal] = shown["proposals"]
    assert (proposal["number"], proposal["is_proven"], proposal["bound"]) == (
        1,
        True,
        proposal["worth"],
    )
    assert proposal["needs"] == [
        {"label": "law", "must": True, "level": 3, "by": "Oslo lab"},
        {"label": "sensors", "must": False, "level": 0, "by": ""},
    ]
    last = proposal["members"][-1]
    assert (last["organisation_id"], last["name"], last["is_kept"], last["is_in"]) == (
        oslo.pk,
        "Oslo lab",
        False,
        False,
    )
    assert "covers “\u2068law\u2069”, which no one else does (\u2068law\u2069)" in last["adds"]
    listed = caller.get(all_of(bid)).json()["results"]
    assert [one["id"] for one in listed] == [shown["id"]]
    assert listed[0]["settings"]["keep"] == keep
    assert settings_of(Search.objects.get()).figures["lab"].request == 10


def test_a_proposal_is_taken_and_taken_back(bid, world, call):
    oslo = public("Oslo lab", "NO")
    found = search(
        world.a.manager,
        bid,
        wish(
            countries=("NO",),
            least=3,
            most=3,
            keep=tuple(bid.partners.values_list("organisation_id", flat=True)),
        ),
    )
    caller = call(world.b.ambassador, *SCOPES)
    taken = caller.post(one_of(found, "take"), {"proposal": 1})
    partner = Partner.objects.get(organisation=oslo)
    assert taken.json() == {"partners": [partner.pk]}
    assert caller.get(one_of(found)).json()["proposals"][0]["is_taken"]
    assert caller.post(one_of(found, "take"), {"proposal": 1}).json() == {"partners": []}
    assert caller.post(one_of(found, "untake")).json() == {"partners": [partner.pk]}
    assert caller.post(one_of(found, "take"), {"proposal": 2}).status_code == 422
    Organisation.objects.filter(pk=oslo.pk).update(visibility="private")
    assert caller.post(one_of(found, "take"), {"proposal": 1}).status_code == 409
    gone = caller.get(one_of(found)).json()["proposals"][0]["members"][-1]
    assert (gone["organisation_id"], gone["name"], gone["adds"]) == (oslo.pk, None, [])


def test_why_there_is_none_is_told_with_ways_out(bid, world, call):
    found = search(world.a.manager, bid, wish(must=("quantum",)))
    shown = call(world.a.manager, *SCOPES).get(one_of(found)).json()
    assert (shown["state"], shown["title"], shown["proposals"]) == ("empty", "None possible", [])
    assert shown["words"][-1].startswith(("No one", "The conditions", "1 more", "Another"))
    assert shown["ways"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"least": 9, "most": 8}, "least"),
        ({"keep": [999_999]}, "keep"),
        ({"needs": [{"words": "law"}, {"words": "Law"}]}, "needs"),
        ({"sides": [{"party_id": 999_999, "least": 1}]}, "sides"),
        ({"countries": ["QQ"]}, "countries"),
        ({"figures": [{"request": 5}]}, "figures"),
        ({"most": 99}, "most"),
        ({"kinds": ["farm"]}, "kinds"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_at_its_field(bid, world, call, wanted, field):
    answer = call(world.a.manager, *SCOPES).post(all_of(bid), wanted)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert not Search.objects.exists()


def test_the_team_reads_and_others_get_nothing(bid, world, call):
    public("Oslo lab", "NO")
    found = search(world.a.manager, bid, wish())
    answers = [call(one, *SCOPES).get(one_of(found)).json() for one in team(world).values()]
    assert all(one == answers[0] for one in answers)
    # Who holds no seat has no token.
    seated = {who: one for who, one in others(world).items() if who != "stranger"}
    for who, person in seated.items():
        caller = call(person, *SCOPES)
        for answer in (
            caller.get(all_of(bid)),
            caller.get(one_of(found)),
            caller.post(all_of(bid), {}),
            caller.post(one_of(found, "take"), {"proposal": 1}),
            caller.post(one_of(found, "untake")),
        ):
            assert answer.status_code in (403, 404), who
    assert Search.objects.count() == 1
