"""Interest from one member to another, by both advisers; what each side sees at each step."""

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import Interest, Listing
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.directory import InterestFactory, ListingClientFactory, ListingFactory
from tests.stages import staged

ANSWERS = {
    "who": "We look after twelve old churches.",
    "why": "Their walls are damp.",
    "brings": "Two halls to try it in.",
    "next_step": "A call of half an hour.",
    "by_when": "in May",
    "met": "no",
}


@staged
def listing(world):
    """An offer of A's first member."""
    return ListingFactory(organisation=world.a.members[0], title="Sensors for halls")


@staged
def anonymous(world):
    """An offer of the same member, published by A without its name."""
    found = ListingClientFactory(organisation=world.a.members[0], listing__title="Quiet sensors")
    return found.listing


def page(interest: Interest, name: str = "interest") -> str:
    return reverse(f"directory:{name}", args=[interest.pk])


def ask(client, listing: Listing, organisation, **more) -> Interest:
    url = reverse("directory:interest-express", args=[listing.pk])
    answer = client.post(url, ANSWERS | {"organisation": organisation.pk} | more)
    assert answer.status_code == 302, answer.content.decode()
    return Interest.objects.latest("pk")


def people(world) -> dict[str, object]:
    a, b, c = world.a, world.b, world.c
    return {
        "asker": b.representatives[0],
        "colleague": b.representatives[1],
        "b_adviser": b.ambassador,
        "b_manager": b.manager,
        "owner": a.representatives[0],
        "neighbour": a.representatives[1],
        "a_adviser": a.ambassador,
        "a_manager": a.manager,
        "c": c.manager,
        "nobody": world.nobody_special,
    }


def seen_by(world, reading, interest: Interest) -> set[str]:
    found = set()
    for name, person in people(world).items():
        with reading(person):
            if Interest.objects.filter(pk=interest.pk).exists():
                found.add(name)
    return found


ASKING = {"asker", "b_adviser", "b_manager"}
RECEIVING = {"a_adviser", "a_manager"}


def test_the_whole_way_to_a_yes_and_who_sees_what(world, listing, sign_in, reading, call):
    clients = {name: sign_in(person) for name, person in people(world).items()}
    interest = ask(clients["asker"], listing, world.b.members[0])
    assert (interest.state, interest.sender, interest.receiver) == (
        "asked",
        world.b.cluster,
        world.a.cluster,
    )

    def check(readers: set[str], waits_for: set[str]) -> None:
        assert seen_by(world, reading, interest) == readers
        for name, client in clients.items():
            assert (client.get(page(interest)).status_code == 200) == (name in readers), name
            shown = client.get("/directory/interests/").content.decode()
            assert (world.b.members[0].name in shown) == (name in readers), name
            rows = shown.partition("<tbody>")[2].partition("</tbody>")[0]
            assert ("waiting for you" in rows) == (name in waits_for), name
            day = client.get("/").content.decode()
            assert ("expression of interest is waiting" in day) == (name in waits_for), name

    check(ASKING, {"b_adviser", "b_manager"})
    assert told_last() == {world.b.ambassador.email, world.b.manager.email}
    clients["b_adviser"].post(page(interest, "interest-ask"), {"note": "Which churches?"})
    check(ASKING, {"asker"})
    assert told_last() == {world.b.representatives[0].email}
    assert "Which churches?" in clients["asker"].get(page(interest)).content.decode()
    form = ANSWERS | {"version": 2, "who": "We look after twelve churches of Lyon."}
    assert clients["asker"].post(page(interest, "interest-edit"), form).status_code == 302
    check(ASKING, {"b_adviser", "b_manager"})
    clients["b_adviser"].post(page(interest, "interest-pass"), {"note": "They are serious."})
    check(ASKING | RECEIVING, RECEIVING)
    shown = clients["a_adviser"].get(page(interest)).content.decode()
    assert "They are serious." in shown
    assert "Which churches?" not in shown
    clients["a_adviser"].post(page(interest, "interest-pass"))
    check(ASKING | RECEIVING | {"owner"}, {"owner"})
    assert told("to_offered") == {world.a.representatives[0].email}
    assert told_last() == {world.b.representatives[0].email}, "who asked hears that it goes on"
    answer = clients["owner"].post(
        page(interest, "interest-accept"), {"reply": "Gladly", "contact": ""}
    )
    assert answer.status_code == 422
    clients["owner"].post(
        page(interest, "interest-accept"), {"reply": "Gladly.", "contact": "Maria, 210 000"}
    )
    check(ASKING | RECEIVING | {"owner"}, set())
    shown = clients["asker"].get(page(interest)).content.decode()
    assert "Maria, 210 000" in shown
    assert told_last() == {world.b.representatives[0].email}
    assert (
        call(world.b.representatives[0])
        .get(f"/directory/interests/{interest.pk}")
        .json()["reply_contact"]
        == "Maria, 210 000"
    )
    trail = dict(
        AuditEntry.objects.filter(target="directory.interest")
        .order_by("pk")
        .values_list("verb", "organisation_id")
    )
    a, b = world.a.cluster.pk, world.b.cluster.pk
    assert trail == {
        "express_interest": b,
        "return_interest": b,
        "change_interest": b,
        "pass_interest": a,
        "accept_interest": a,
    }


def told(kind: str) -> set[str]:
    found = Mail.objects.filter(key__contains=f":{kind}:")
    return set(found.values_list("recipient", flat=True))


def told_last() -> set[str]:
    last = Mail.objects.filter(key__startswith="interest:").latest("pk")
    key = last.key.rsplit(":", 1)[0]
    return set(Mail.objects.filter(key__startswith=f"{key}:").values_list("recipient", flat=True))


def test_the_trail_of_one_side_is_not_the_others(world, listing, sign_in):
    interest = ask(sign_in(world.b.representatives[0]), listing, world.b.members[0])
    sign_in(world.b.ambassador).post(page(interest, "interest-pass"))
    sign_in(world.a.ambassador).post(page(interest, "interest-pass"))
    history = f"/history/interest/{interest.pk}/"
    mine = sign_in(world.b.manager).get(history).content.decode()
    assert mine.count("Passed on an expression of interest</strong>") == 1
    assert world.a.ambassador.name not in mine
    other = sign_in(world.a.manager).get(history).content.decode()
    assert "Expressed interest" not in other
    assert world.b.ambassador.name not in other


def test_an_adviser_of_the_other_side_may_say_no_before_the_owner_hears(
    world, listing, sign_in, reading
):
    interest = ask(sign_in(world.b.representatives[0]), listing, world.b.members[0])
    sign_in(world.b.manager).post(page(interest, "interest-pass"))
    desk = sign_in(world.a.ambassador)
    assert desk.post(page(interest, "interest-decline"), {"reply": ""}).status_code == 422
    desk.post(page(interest, "interest-decline"), {"reply": "They are full until autumn."})
    interest.refresh_from_db()
    assert interest.state == "declined"
    assert seen_by(world, reading, interest) == ASKING | RECEIVING
    shown = sign_in(world.b.representatives[0]).get(page(interest)).content.decode()
    assert "They are full until autumn." in shown
    assert "Withdrawn" not in shown


def test_who_has_no_adviser_goes_straight_to_the_other_one(world, listing, sign_in):
    interest = ask(sign_in(world.b.manager), listing, world.b.cluster)
    assert (interest.state, interest.sender, bool(interest.passed_at)) == ("passed", None, True)
    own = ListingFactory(organisation=world.a.cluster, title="Rooms in Athens")
    direct = ask(sign_in(world.b.manager), own, world.b.cluster)
    assert direct.state == "offered"
    sign_in(world.a.manager).post(page(direct, "interest-accept"), {"contact": "Front desk"})
    direct.refresh_from_db()
    assert direct.state == "accepted"


def test_a_clusters_manager_asks_for_a_member_and_is_its_adviser(world, listing, sign_in):
    client = sign_in(world.b.manager)
    url = reverse("directory:interest-express", args=[listing.pk])
    asked = client.get(f"{url}?organisation={world.b.members[2].pk}")
    assert asked.context["organisations"][0] == world.b.members[2]
    interest = ask(client, listing, world.b.members[2])
    assert (interest.state, interest.organisation) == ("passed", world.b.members[2])


def test_within_one_cluster_one_adviser_is_enough(world, listing, sign_in):
    interest = ask(sign_in(world.a.representatives[1]), listing, world.a.members[1])
    sign_in(world.a.ambassador).post(page(interest, "interest-pass"))
    interest.refresh_from_db()
    assert interest.state == "offered"


def test_not_ones_own_not_twice_not_for_others(world, listing, sign_in, call):
    url = reverse("directory:interest-express", args=[listing.pk])
    assert sign_in(world.a.representatives[0]).get(url).status_code == 403
    asker = sign_in(world.b.representatives[0])
    first = ask(asker, listing, world.b.members[0])
    again = asker.post(url, ANSWERS | {"organisation": world.b.members[0].pk})
    assert (again.status_code, Interest.objects.count()) == (422, 1)
    assert "already" in again.content.decode()
    # For another's organisation the form offers nothing, and a program is refused.
    program = call(world.b.representatives[0])
    sent = {key: ANSWERS[key] for key in ("who", "why", "brings", "next_step")}
    for foreign in (world.b.members[1], world.a.members[1], world.a.cluster):
        answer = program.post(
            f"/directory/listings/{listing.pk}/interests", sent | {"organisation_id": foreign.pk}
        )
        assert answer.status_code == 403
    mine = call(world.a.representatives[0]).post(
        f"/directory/listings/{listing.pk}/interests",
        sent | {"organisation_id": world.a.members[0].pk},
    )
    assert (mine.status_code, "This is your own" in mine.json()["detail"]) == (403, True)
    asker.post(page(first, "interest-withdraw"))
    assert ask(asker, listing, world.b.members[0]).pk != first.pk


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"is_open": False}, "no longer open to interest"),
        ({"status": "on_hold"}, "This is on hold"),
        ({"status": "expired"}, "This has expired"),
        ({"status": "review"}, "isn’t published yet"),
    ],
)
def test_what_is_not_open_refuses_with_a_sentence(world, listing, sign_in, values, words):
    # A neighbour's manager sees them all; others do not see what rests.
    Listing.objects.filter(pk=listing.pk).update(**values)
    url = reverse("directory:interest-express", args=[listing.pk])
    client = sign_in(world.a.manager)
    assert words in client.get(url, follow=True).content.decode()
    client.post(url, ANSWERS | {"organisation": world.a.cluster.pk})
    assert not Interest.objects.exists()


@pytest.mark.parametrize("field", ["who", "why", "brings", "next_step"])
def test_an_answer_is_needed_and_short(world, listing, sign_in, field):
    client = sign_in(world.b.representatives[0])
    url = reverse("directory:interest-express", args=[listing.pk])
    for text in ("", "x" * 1001):
        answer = client.post(url, ANSWERS | {"organisation": world.b.members[0].pk, field: text})
        assert answer.status_code == 422
        assert set(answer.context["form"].errors) == {field}


def test_what_lies_with_somebody_else_is_not_acted_upon(world, listing, sign_in, call):
    interest = ask(sign_in(world.b.representatives[0]), listing, world.b.members[0])
    asker = sign_in(world.b.representatives[0])
    for step in ("interest-pass", "interest-ask", "interest-accept", "interest-decline"):
        assert (
            asker.post(
                page(interest, step), {"note": "x", "reply": "x", "contact": "x"}
            ).status_code
            == 403
        )
    for person in (world.a.manager, world.a.representatives[0], world.c.manager):
        for step in ("", "-pass", "-ask", "-accept", "-decline", "-withdraw", "-edit"):
            answer = sign_in(person).post(
                page(interest, f"interest{step}" if step else "interest-pass")
            )
            assert answer.status_code == 404
    sign_in(world.b.ambassador).post(page(interest, "interest-pass"))
    assert asker.get(page(interest, "interest-edit")).status_code == 403
    # The own adviser has passed it on: a second click says so and changes nothing.
    answer = sign_in(world.b.ambassador).post(page(interest, "interest-pass"), follow=True)
    assert "moved on since you opened" in answer.content.decode()
    program = call(world.b.representatives[0])
    assert (
        program.post(f"/directory/interests/{interest.pk}/accept", {"contact": "x"}).status_code
        == 403
    )


def test_a_withdrawal_tells_whom_it_lay_with(world, listing, sign_in):
    interest = ask(sign_in(world.b.representatives[0]), listing, world.b.members[0])
    sign_in(world.b.ambassador).post(page(interest, "interest-pass"))
    sign_in(world.b.representatives[0]).post(page(interest, "interest-withdraw"))
    interest.refresh_from_db()
    assert interest.state == "withdrawn"
    assert told_last() == {world.a.ambassador.email, world.a.manager.email}
    answer = sign_in(world.a.ambassador).post(page(interest, "interest-pass"), follow=True)
    assert "moved on" in answer.content.decode()


# ---- Who is behind an anonymous offer is told by nothing but the owner's own answer


def test_the_clever_intern_learns_nothing_before_the_answer(world, anonymous, sign_in, call):
    member, owner = world.a.members[0], world.a.representatives[0]
    secrets = (member.name, owner.name, owner.email)
    everybody = [world.b.representatives[0], world.b.ambassador, world.b.manager]
    clients = [sign_in(person) for person in everybody]
    programs = [call(person) for person in everybody]

    def look(interest: Interest | None) -> None:
        pages = [
            reverse("directory:listing", args=[anonymous.pk]),
            "/",
            "/directory/interests/",
            f"/history/listing/{anonymous.pk}/",
            f"/directory/{world.a.cluster.pk}/",
            reverse("directory:interest-express", args=[anonymous.pk]),
            f"/directory/?q={anonymous.title}",
            "/directory/following/",
        ]
        paths = [
            f"/directory/listings/{anonymous.pk}",
            f"/directory/listings/{anonymous.pk}/history",
            f"/directory/listings?organisation={member.pk}",
            "/directory/interests",
            f"/directory/organisations/{member.pk}/history",
        ]
        if interest:
            pages += [page(interest), f"/history/interest/{interest.pk}/"]
            paths += [
                f"/directory/interests/{interest.pk}",
                f"/directory/interests/{interest.pk}/history",
            ]
        # The member may be seen as such; that the offer is its own may not.
        for client, program in zip(clients, programs, strict=True):
            for text in (client.get(one).content.decode() for one in pages):
                if anonymous.title in text or "/directory/interests" in text:
                    assert not [
                        word
                        for word in secrets
                        if word in text.split("<main")[-1] and "px-table" not in text
                    ], text
            for path in paths:
                answer = program.get(path)
                assert str(member.pk) not in _ids(answer.json()), (path, answer.json())
                assert not [word for word in secrets if word in answer.content.decode()]
        for mail in Mail.objects.filter(recipient__in=[one.email for one in everybody]):
            assert not [word for word in secrets if word in mail.text + mail.html + mail.subject]

    look(None)
    interest = ask(clients[0], anonymous, world.b.members[0])
    look(interest)
    clients[1].post(page(interest, "interest-pass"))
    look(interest)
    sign_in(world.a.ambassador).post(page(interest, "interest-pass"))
    look(interest)
    sign_in(owner).post(page(interest, "interest-accept"), {"reply": "Yes.", "contact": "Room 7"})
    look(interest)
    assert "Room 7" in clients[0].get(page(interest)).content.decode()
    with acting_as(WEB, reader_of(world.b.manager)):
        found = Interest.objects.get(pk=interest.pk)
        assert found.receiver_id == world.a.cluster.pk
        assert not hasattr(found.listing, "client")


def _ids(answer: object) -> set[str]:
    """Return all numbers that an answer gives as ids, but those of what one asked for."""
    if isinstance(answer, dict):
        found = {
            str(value)
            for key, value in answer.items()
            if key in ("organisation_id", "receiver_id", "behind") and isinstance(value, int)
        }
        return found.union(*(_ids(one) for one in answer.values()))
    if isinstance(answer, list):
        return set().union(*(_ids(one) for one in answer))
    return set()


def test_asking_tells_the_owner_and_the_owner_alone_that_it_is_its_own(
    world, anonymous, sign_in, call
):
    sent = {key: ANSWERS[key] for key in ("who", "why", "brings", "next_step")}
    path = f"/directory/listings/{anonymous.pk}/interests"
    own = call(world.a.representatives[0])
    assert own.post(path, sent | {"organisation_id": world.a.members[0].pk}).status_code == 403
    # For the true owner somebody else is refused as for any foreign organisation.
    for person in (world.b.representatives[0], world.a.representatives[1]):
        answers = {
            call(person).post(path, sent | {"organisation_id": one.pk}).json()["detail"]
            for one in world.a.members
            if one != world.a.members[1]
        }
        assert answers == {"You can only express interest on behalf of your own organisation."}


def test_interest_stays_readable_when_the_offer_is_hidden(world, listing, sign_in):
    interest = ask(sign_in(world.b.representatives[0]), listing, world.b.members[0])
    sign_in(world.b.ambassador).post(page(interest, "interest-pass"))
    Listing.objects.filter(pk=listing.pk).update(status="on_hold", title="Secret new title")
    asker = sign_in(world.b.representatives[0])
    for url in (page(interest), "/directory/interests/"):
        shown = asker.get(url).content.decode()
        assert "Sensors for halls" in shown
        assert "Secret new title" not in shown
    sign_in(world.a.ambassador).post(page(interest, "interest-pass"))
    sign_in(world.a.representatives[0]).post(page(interest, "interest-accept"), {"contact": "Me"})
    interest.refresh_from_db()
    assert interest.state == "accepted"


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(world, listing, sign_in, count, django_assert_num_queries):
    for member in world.b.members[:count]:
        InterestFactory(listing=listing, organisation=member)
    client = sign_in(world.a.ambassador)
    # One of them is for the section "To read" above the page.
    with django_assert_num_queries(14):
        shown = client.get("/directory/interests/?side=received").content.decode()
    assert shown.count('<td data-label="About">') == count


def test_the_list_is_narrowed(world, listing, sign_in, call):
    InterestFactory(listing=listing, organisation=world.b.members[0])
    InterestFactory(
        listing=listing,
        organisation=world.b.members[1],
        state="declined",
        decided_at=timezone.now(),
    )
    owner = call(world.a.representatives[0])

    def count(**query) -> int:
        return len(owner.get("/directory/interests", query).json()["results"])

    assert (count(), count(side="received"), count(side="given"), count(side="waiting")) == (
        2,
        2,
        0,
        1,
    )
    assert (count(state="declined"), count(state="asked")) == (1, 0)
    shown = sign_in(world.a.representatives[0]).get("/directory/interests/?state=asked")
    assert "Nothing matches" in shown.content.decode()
