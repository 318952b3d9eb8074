"""Partnerships over the API: from draft to signature to end, as each side and as others."""

import pytest

from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import Agreement, Partnership, Party, SignOff
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.stages import staged

State = Partnership.State
TEXT = "Each of us brings ten members."
#: Queries of every call but a token's first: who it is, and the settings of two transactions.
FRAME = 12


@pytest.fixture
def a(world, call):
    return call(world.a.manager)


@pytest.fixture
def b(world, call):
    return call(world.b.manager)


@staged
def apart(world):
    """A and B see each other and have no partnership."""
    Partnership.objects.update(state=State.ENDED)
    for side in (world.a, world.b):
        side.cluster.visibility = "public"
        side.cluster.save()


def draft_of(world, **values) -> dict:
    given = {
        "cluster_id": world.a.cluster.pk,
        "partner_id": world.b.cluster.pk,
        "title": "Once more",
        "purpose": "Meet more",
        "text": TEXT,
    }
    return given | values


@pytest.fixture
def proposal(world, a, apart) -> str:
    path = a.post("/partnerships", draft_of(world))["Location"]
    assert a.post(f"{path}/propose").status_code == 200
    return path


def sign(program, path: str):
    newest = program.get(path).json()["agreement"]
    return program.post(
        f"{path}/sign", {"number": newest["number"], "text_hash": newest["text_hash"]}
    )


def test_from_a_draft_to_a_partnership_that_ends(world, a, b, apart):
    made = a.post("/partnerships", draft_of(world, ends_on="2083-12-31"))
    assert made.status_code == 201, made.content
    path, told = made["Location"], made.json()
    assert [one["side"] for one in told["parties"]] == ["A", "B"]
    assert (told["state"], told["agreement"]["text"], told["in_force"]) == ("draft", TEXT, None)
    assert told["may"] == {
        "propose": True,
        "sign": False,
        "amend": False,
        "decline": False,
        "withdraw": False,
        "end": False,
        "share": False,
    }
    assert b.get(path).status_code == 404, "a draft is its author's own business"

    assert a.post(f"{path}/propose").json()["state"] == "proposed"
    seen = b.get(path).json()
    assert (seen["may"]["sign"], seen["may"]["decline"], seen["may"]["withdraw"]) == (
        True,
        True,
        False,
    )
    assert Mail.objects.filter(recipient=world.b.manager.email).count() == 1

    assert sign(a, path).json()["state"] == "proposed", "one signature binds nobody"
    told = sign(b, path).json()
    assert (told["state"], told["in_force"]) == ("active", told["agreement"]["number"])
    signatures = told["agreement"]["signatures"]
    assert [one["person_name"] for one in signatures] == ["Greek manager", "French manager"]

    ended = b.post(f"{path}/end", {"reason": "The grant is over."}).json()
    assert (ended["state"], ended["reason"]) == ("ended", "The grant is over.")
    assert a.post(f"{path}/end", {"reason": "x"}).status_code == 409


def test_a_draft_is_changed_by_the_fields_that_are_sent(world, a, apart):
    path = a.post("/partnerships", draft_of(world, starts_on="2083-01-01"))["Location"]
    read = a.get(path)
    assert a.patch(path, {"title": "New"}).status_code == 428
    assert a.patch(path, {"title": "New"}, version=99).status_code == 412
    changed = a.patch(path, {"title": "New"}, version=read["ETag"])
    assert changed.status_code == 200, changed.content
    told = changed.json()
    assert (told["title"], told["purpose"], told["starts_on"]) == ("New", "Meet more", "2083-01-01")
    assert told["agreement"]["text"] == TEXT
    assert a.patch(path, {"title": "Newer"}, version=read["ETag"]).status_code == 412
    told = a.patch(path, {"starts_on": None, "text": "Other"}, version=changed["ETag"]).json()
    assert (told["starts_on"], told["agreement"]["text"]) == (None, "Other")
    assert a.get(path, headers={"If-None-Match": a.get(path)["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "field", ["state", "lead", "lead_id", "reason", "version", "id", "parties", "created_at"]
)
def test_nothing_else_can_be_set(world, a, apart, field):
    assert a.post("/partnerships", draft_of(world, **{field: 1})).status_code == 422
    path = a.post("/partnerships", draft_of(world))["Location"]
    answer = a.patch(path, {field: 1}, version="*")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"#/{field}"


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"title": " "},
        {"text": ""},
        {"text": " "},
        {"text": "x" * 20_001},
        {"purpose": "x" * 4001},
        {"title": "\x00"},
        {"title": None},
        {"starts_on": "0001-01-01"},
        {"ends_on": "9999-12-31"},
        {"ends_on": "x"},
        {"starts_on": "2083-01-02", "ends_on": "2083-01-01"},
        {"partner_id": 2**63},
        {"partner_id": 2**63 - 1},
        {"partner_id": 0},
        {"cluster_id": "x"},
    ],
)
def test_what_does_not_fit_is_refused(world, a, apart, values):
    before = Partnership.objects.count()
    answer = a.post("/partnerships", draft_of(world, **values))
    assert answer.status_code == 422, (values, answer.content)
    assert Partnership.objects.count() == before


def test_a_draft_in_anothers_name_or_with_oneself(world, a, b, call, apart):
    assert b.post("/partnerships", draft_of(world)).status_code == 403
    for person in (world.a.ambassador, world.a.representatives[0], world.c.manager):
        assert call(person).post("/partnerships", draft_of(world)).status_code == 403
    own = draft_of(world, partner_id=world.a.cluster.pk)
    answer = a.post("/partnerships", own)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/partner_id")
    member = draft_of(world, partner_id=world.b.members[0].pk)
    assert a.post("/partnerships", member).status_code == 422
    assert a.post("/partnerships", draft_of(world)).status_code == 201
    assert a.post("/partnerships", draft_of(world)).status_code == 409


def test_one_key_drafts_once(world, a, apart):
    first = a.post("/partnerships", draft_of(world), key="k")
    again = a.post("/partnerships", draft_of(world), key="k")
    assert first.content == again.content
    assert (again.status_code, again["Location"]) == (201, first["Location"])
    assert Partnership.objects.filter(state=State.DRAFT).count() == 1


def test_another_text_needs_both_signatures_again(world, a, b, proposal):
    sign(a, proposal)
    sign(b, proposal)
    number = a.get(proposal).json()["agreement"]["number"]
    answer = b.post(f"{proposal}/amend", {"number": number, "text": "Twenty each."})
    assert answer.status_code == 201
    assert b.get(answer["Location"]).json()["text"] == "Twenty each."
    told = answer.json()
    assert (told["state"], told["in_force"]) == ("active", number)
    assert told["agreement"]["number"] == number + 1
    late = a.post(f"{proposal}/amend", {"number": number, "text": "Thirty each."})
    assert late.status_code == 409
    stale = a.post(f"{proposal}/sign", {"number": number, "text_hash": "0" * 64})
    assert stale.status_code == 409
    sign(a, proposal)
    assert sign(b, proposal).json()["in_force"] == number + 1
    versions = a.get(f"{proposal}/agreements").json()
    assert [(one["number"], one["is_complete"]) for one in versions[:2]] == [
        (number + 1, True),
        (number, True),
    ]
    assert a.get(f"{proposal}/agreements/99").status_code == 404
    assert a.get(f"{proposal}/agreements/40000").status_code == 422


def test_a_signature_is_of_the_text_that_was_read(world, a, b, proposal):
    for read in (
        {"number": 1},
        {"text_hash": "0" * 64},
        {"number": 1, "text_hash": "x"},
        {"number": 0, "text_hash": "0" * 64},
        {"number": 1, "text_hash": "0" * 64, "person": 1},
    ):
        assert b.post(f"{proposal}/sign", read).status_code == 422
    assert b.post(f"{proposal}/sign", {"number": 1, "text_hash": "0" * 64}).status_code == 409
    assert sign(b, proposal).status_code == 200
    assert sign(b, proposal).status_code == 409
    assert (
        SignOff.objects.filter(agreement__partnership_id=int(proposal.split("/")[-1])).count() == 1
    )


def test_declining_and_taking_back(world, a, b, proposal):
    assert b.post(f"{proposal}/decline", {}).status_code == 422
    assert b.post(f"{proposal}/decline", {"reason": " "}).status_code == 422
    assert a.post(f"{proposal}/decline", {"reason": "Mine"}).status_code == 403
    assert b.post(f"{proposal}/withdraw").status_code == 403
    assert a.post(f"{proposal}/withdraw").json()["state"] == "draft"
    assert b.get(proposal).status_code == 404
    assert b.post(f"{proposal}/decline", {"reason": "No"}).status_code == 404
    a.post(f"{proposal}/propose")
    told = b.post(f"{proposal}/decline", {"reason": "Not now."}).json()
    assert (told["state"], told["reason"]) == ("declined", "Not now.")
    assert a.get(proposal).json()["reason"] == "Not now."


DEEDS = {
    "propose": None,
    "withdraw": None,
    "decline": {"reason": "No"},
    "end": {"reason": "No"},
    "sign": {"number": 1, "text_hash": "0" * 64},
    "amend": {"number": 1, "text": "x"},
}


def test_who_may_only_read_changes_nothing_and_others_find_nothing(world, call):
    """Colleagues and members of both sides; a third cluster."""
    path = f"/partnerships/{world.partnership.pk}"
    before = AuditEntry.objects.count()
    for person, status in (
        (world.a.ambassador, 403),
        (world.a.representatives[0], 403),
        (world.b.representatives[0], 403),
        (world.c.manager, 404),
        (world.c.ambassador, 404),
        (world.c.representatives[0], 404),
    ):
        program = call(person)
        assert program.get(path).status_code == (200 if status == 403 else 404)
        for deed, data in DEEDS.items():
            assert program.post(f"{path}/{deed}", data).status_code == status, (person, deed)
        assert program.patch(path, {"title": "x"}, version="*").status_code == status
        for part in ("agreements", "history"):
            assert program.get(f"{path}/{part}").status_code == (200 if status == 403 else 404)
    assert AuditEntry.objects.count() == before


def test_members_see_that_there_is_a_partnership_and_not_what_was_agreed(world, a, call, proposal):
    Partnership.objects.filter(pk=world.partnership.pk).update(state=State.ACTIVE)
    agreement = Agreement.objects.create(
        partnership=world.partnership, number=1, text="Secret terms", text_hash="1" * 64
    )
    party = Party.objects.get(partnership=world.partnership, side="A")
    SignOff.objects.create(
        agreement=agreement, party=party, person_name="Signer", text_hash="1" * 64
    )
    member, path = call(world.b.representatives[0]), f"/partnerships/{world.partnership.pk}"
    told = member.get(path)
    assert (told.json()["agreement"], told.json()["in_force"]) == (None, None)
    assert "Secret" not in told.content.decode()
    assert member.get(f"{path}/agreements").json() == []
    assert member.get(f"{path}/agreements/1").status_code == 404
    assert member.get(f"{path}/history").json()["results"] == []
    assert "Secret terms" in a.get(path).content.decode()


def test_the_list_shows_each_their_own(world, a, b, call):
    PartnershipFactory(title="Draft of A", lead=world.a.cluster, state=State.DRAFT)
    of_c = PartnershipFactory(title="Of C", lead=world.c.cluster)
    PartyFactory(partnership=of_c, organisation=world.c.cluster, side="A")

    def titles(program, **query) -> list[str]:
        return [one["title"] for one in program.get("/partnerships", query).json()["results"]]

    assert titles(a) == ["Draft of A", "Athens – Paris"]
    assert titles(b) == ["Athens – Paris"]
    assert titles(call(world.b.representatives[0])) == ["Athens – Paris"]
    assert titles(call(world.c.manager)) == ["Of C"]
    assert titles(a, state="draft") == ["Draft of A"]
    assert titles(a, q="athens french") == ["Athens – Paris"]
    assert titles(a, q="nothing") == []
    assert a.get("/partnerships", {"state": "x"}).status_code == 422
    assert a.get("/partnerships", {"q": "x" * 101}).status_code == 422
    lines = b.get("/partnerships/export").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert a.get("/partnerships/export", {"format": "xlsx"}).content[:2] == b"PK"


def test_what_happened_is_told_in_sentences_page_by_page(world, a, b, proposal):
    sign(a, proposal)
    sign(b, proposal)
    b.post(f"{proposal}/end", {"reason": "Over"})
    page = a.get(f"{proposal}/history", {"page_size": 2}).json()
    assert [(one["sentence"], one["side"], one["by"], one["why"]) for one in page["results"]] == [
        ("Ended the partnership", "B", "French manager", "Over"),
        ("All sides have signed: the partnership is active", "both", "French manager", ""),
    ]
    rest = a.get(page["next"].removeprefix("http://testserver")).json()["results"]
    assert [one["verb"] for one in rest] == ["sign_agreement", "sign_agreement"]
    of_a = a.get(f"{proposal}/history", {"side": "A"}).json()["results"]
    assert {one["side"] for one in of_a} == {"A"}
    only = a.get(f"{proposal}/history", {"verb": "end_partnership"}).json()["results"]
    assert len(only) == 1
    assert a.get(f"{proposal}/history", {"side": "Z"}).json()["results"] == []
    assert a.get(f"{proposal}/history", {"side": "AB"}).status_code == 422
    french = a.get(f"{proposal}/history", headers={"Accept-Language": "fr"}).json()["results"]
    assert french[0]["sentence"] != "Ended the partnership"


def test_a_token_needs_the_areas_scope(world, call):
    path = f"/partnerships/{world.partnership.pk}"
    reads = call(world.a.manager, "partnerships:read")
    assert reads.get(path).status_code == 200
    assert reads.post(f"{path}/end", {"reason": "x"}).status_code == 403
    assert call(world.a.manager, "events:read", "events:write").get(path).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries(world, a, rows, django_assert_num_queries):
    for number in range(rows):
        PartnershipFactory(title=f"{number}", lead=world.a.cluster, state=State.DRAFT)
        AuditEntry.objects.create(
            person_id=world.b.manager.pk,
            partnership_id=world.partnership.pk,
            target="t",
            organisation_id=world.b.cluster.pk,
            verb="sign_agreement",
        )
    a.get("/partnerships")
    with django_assert_num_queries(FRAME + 3):
        assert len(a.get("/partnerships").json()["results"]) == rows + 1
    with django_assert_num_queries(FRAME + 7):
        history = a.get(f"/partnerships/{world.partnership.pk}/history").json()["results"]
    assert len(history) == rows
    with django_assert_num_queries(FRAME + 4):
        a.get(f"/partnerships/{world.partnership.pk}")
