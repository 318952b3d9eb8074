"""All facts of an entry: written on its page and by program, read by those who may."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proxeny.directory import queries
from proxeny.directory.models import Details, Organisation, Visibility
from proxeny.directory.operations import update_organisation
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.models import AuditEntry
from tests.conftest import reader_of
from tests.factories.directory import IdentifierFactory, OrganisationFactory
from tests.forms import form_of


def edit(client, member, **values):
    url = f"/directory/{member.pk}/edit/"
    return client.post(url, form_of(client.get(url)) | values)


def change(reading, person, member, **changes):
    with reading(person):
        version = queries.get_organisation(member.pk).version
        return update_organisation(
            actor=reader_of(person), organisation_id=member.pk, version=version, changes=changes
        )


def fresh(member):
    return Organisation.objects.prefetch_related("identifiers").get(pk=member.pk)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def test_all_facts_are_written_on_the_page_and_shown(world, sign_in):
    member, client = world.a.members[0], sign_in(world.a.representatives[0])
    answer = edit(
        client,
        member,
        former_names="Old name, Ltd\n\nOlder  name\nOld name, Ltd",
        vat="094014201",
        pic="999 984 059, 999997930",
        ror="https://ror.org/05gq02987",
        city="Athens",
        nuts="el30",
        nace="6210; 72",
        topics="/25/73",
        employees="48",
        founded="1999",
        size="large",
    )
    assert answer.status_code == 302
    entry = fresh(member)
    assert entry.former_names == ["Old name, Ltd", "Older name"]
    assert entry.fact("identifiers") == [
        "pic:999984059",
        "pic:999997930",
        "ror:05gq02987",
        "vat:EL094014201",
    ]
    assert (entry.nuts, entry.nace, entry.topics) == ("EL30", ["62.10", "72"], ["/25/73"])
    assert entry.size == "small"
    assert (round(entry.latitude), round(entry.longitude)) == (38, 24)
    page = client.get(f"/directory/{member.pk}/").text
    for text in (
        "Old name, Ltd",
        "Older name",
        "EL094014201",
        "https://ror.org/05gq02987",
        "999997930",
        "EL30 Attiki",
        "62.10",
        "1999",
    ):
        assert text in page, text
    trail = AuditEntry.objects.get(verb="update_organisation")
    assert trail.changes["identifiers"] == [[], entry.fact("identifiers")]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("vat", "EL094014202", "check digit"),
        ("pic", "12345", "5 letters and digits"),
        ("ror", "05gq02988", "last two digits"),
        ("lei", "529900T8BM49AURSDO56", "check digit"),
        ("national", "none at all", "isn’t a registration number"),
        ("nuts", "EL99", "nearest is"),
        ("nace", "62, hello", "called “hello”"),
        ("topics", "/99", "nearest is"),
        ("latitude", "38", "Enter both"),
        ("longitude", "181", "less than or equal to 180"),
        ("open_facts", "name", "not one of the available choices"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(world, sign_in, field, value, says):
    answer = edit(sign_in(world.a.manager), world.a.members[0], **{field: value})
    assert answer.status_code == 422
    shown = " ".join(str(one) for one in answer.context["form"].errors.values())
    assert says in shown
    folded = {name for name, fields in FOLDS.items() if field in fields}
    assert answer.context["form"].unfolded >= folded


FOLDS = {
    "sectors": ("nace", "topics"),
    "names": ("vat", "pic", "ror", "lei", "national"),
    "place": ("nuts", "latitude", "longitude"),
}


def test_the_size_follows_from_the_staff_and_is_chosen_without_it(world, reading):
    member, manager = world.a.members[0], world.a.manager
    for changes, size in (
        ({"employees": 9}, "micro"),
        ({"employees": 10}, "small"),
        ({"employees": 249}, "medium"),
        ({"employees": 250}, "large"),
        ({"employees": None, "size": "medium"}, "medium"),
        ({"size": ""}, ""),
    ):
        assert change(reading, manager, member, **changes).size == size, changes


def test_the_place_moves_with_the_city_unless_somebody_set_it(world, reading):
    member, manager = world.a.members[0], world.a.manager
    athens = change(reading, manager, member, city="Athens")
    assert round(athens.latitude) == 38
    patras = change(reading, manager, member, city="Patras")
    assert round(patras.longitude, 1) == 21.7
    change(reading, manager, member, latitude=37.5, longitude=22.5)
    assert change(reading, manager, member, city="Athens").longitude == 22.5
    assert (
        round(change(reading, manager, member, latitude=None, longitude=None).longitude, 1) == 23.7
    )
    assert change(reading, manager, member, city="Nowhere at all").latitude is None


def test_operations_refuse_what_the_form_would(world, reading):
    member, manager = world.a.members[0], world.a.manager
    for name, value in (
        ("latitude", 91.0),
        ("latitude", float("nan")),
        ("identifiers", ["tax:1"]),
        ("nace", [f"{n}" for n in range(10, 33)]),
        ("quality_label", "gold"),
        ("former_names", ["x" * 201]),
    ):
        changes = {name: value} | ({"longitude": 1.0} if name == "latitude" else {})
        with pytest.raises(InvalidInput) as refused:
            change(reading, manager, member, **changes)
        assert refused.value.field == name


def test_a_program_writes_and_reads_the_same_facts(world, call):
    program, member = call(world.a.manager), world.a.members[0]
    url = f"/api/v1/directory/organisations/{member.pk}"
    sent = {
        "identifiers": [{"scheme": "vat", "value": "el 094014201"}],
        "former_names": ["Old name"],
        "nace": ["62.1"],
        "topics": ["/25/73"],
        "nuts": "EL30",
        "latitude": 38.0,
        "longitude": 23.5,
        "open_facts": ["founded"],
        "employees": 12,
        "founded": 1999,
    }
    answer = program.patch(url, sent, version="*")
    assert answer.status_code == 200, answer.json()
    got = answer.json()
    assert got["identifiers"] == [{"scheme": "vat", "value": "EL094014201"}]
    assert {name: got[name] for name in sent if name != "identifiers"} == {
        name: value for name, value in sent.items() if name != "identifiers"
    }
    assert got["size"] == "small"
    refused = program.patch(url, {"identifiers": [{"scheme": "pic", "value": "1"}]}, version="*")
    assert refused.status_code == 422
    assert "999984059" in refused.text
    seen = call(world.b.manager).get(url).json()
    assert seen["identifiers"] == got["identifiers"]
    assert (seen["founded"], seen["employees"], seen["size"]) == (1999, 12, "small")


# ── reading: per field, as every reader ──────────────────────────────────────────────────────────

FACTS = {"contact": "A Person", "email": "desk@member.example", "employees": 12, "founded": 1999}
NOTHING = dict.fromkeys(FACTS)


def seen(reading, person, member):
    """What an entry tells somebody of the guarded facts; "hidden" where there is no entry."""
    with reading(person):
        found = Organisation.objects.filter(pk=member.pk).first()
        return found.guarded_facts() if found else "hidden"


@pytest.mark.parametrize(
    ("visibility", "same_cluster", "partner", "others"),
    [
        (Visibility.PRIVATE, "hidden", "hidden", "hidden"),
        (Visibility.CLUSTER, "open", "hidden", "hidden"),
        (Visibility.PARTNERSHIP, "open", "open", "hidden"),
        (Visibility.PUBLIC, "open", "open", "open"),
    ],
)
def test_open_facts_are_read_by_whoever_sees_the_entry(
    world, reading, visibility, same_cluster, partner, others
):
    member = world.a.members[0]
    Details.objects.filter(pk=member.pk).update(**FACTS)
    Organisation.objects.filter(pk=member.pk).update(
        visibility=visibility, open_facts=["contact", "founded"]
    )
    world.partnership.grants.filter(organisation=world.a.cluster).update(fields=["email"])
    a, b, c = world.a, world.b, world.c
    opened = NOTHING | {"contact": "A Person", "founded": 1999}
    expected = [
        (a.representatives[0], FACTS),
        (a.manager, FACTS),
        (a.ambassador, FACTS),
        (a.representatives[1], _told(same_cluster, opened)),
        (b.manager, _told(partner, opened | {"email": "desk@member.example"})),
        (b.ambassador, _told(partner, opened | {"email": "desk@member.example"})),
        # A member of the other side has no grant, and reads what is open alone.
        (b.representatives[0], _told(partner, opened)),
        (c.manager, _told(others, opened)),
        (world.nobody_special, _told(others, opened)),
        (None, _told(others, opened)),
    ]
    for person, facts in expected:
        assert seen(reading, person, member) == facts, person


def _told(how, opened):
    return opened if how == "open" else "hidden"


def test_without_a_grant_a_partner_reads_open_facts_only_while_the_list_is_shared(world, reading):
    member = world.a.members[0]
    Details.objects.filter(pk=member.pk).update(**FACTS)
    Organisation.objects.filter(pk=member.pk).update(open_facts=["email"])
    grants = world.partnership.grants.filter(organisation=world.a.cluster)
    grants.update(fields=[])
    assert seen(reading, world.b.manager, member) == NOTHING | {"email": "desk@member.example"}
    grants.update(withdrawn_at="2026-01-01T00:00Z")
    assert seen(reading, world.b.manager, member) == "hidden"


def test_nothing_is_open_by_default(world, reading, sign_in):
    OrganisationFactory(name="New one", steward=world.a.cluster, visibility="public", **FACTS)
    member = Organisation.objects.get(name="New one")
    assert member.open_facts == []
    assert seen(reading, None, member) == NOTHING
    page = Client().get(f"/directory/{member.pk}/").text
    assert "A Person" not in page
    assert "10 to 49 people" not in page
    edit(sign_in(world.a.manager), member, open_facts=["contact", "employees"])
    page = Client().get(f"/directory/{member.pk}/").text
    assert "A Person" in page
    assert "desk@member.example" not in page


def test_who_does_not_see_an_entry_cannot_write_its_facts(world, sign_in):
    member = world.a.members[0]
    for person in (world.b.manager, world.a.representatives[1], world.c.manager):
        url = f"/directory/{member.pk}/edit/"
        answer = sign_in(person).post(url, {"name": "Ours", "country": "GR", "vat": "EL094014201"})
        assert answer.status_code in (403, 404), person
    assert fresh(member).fact("identifiers") == []


# ── the same organisation in two lists ───────────────────────────────────────────────────────────


def test_the_same_organisation_in_another_list_is_named_to_who_sees_both(world, sign_in):
    ours, theirs = world.a.members[0], world.b.members[0]
    for one in (ours, theirs):
        IdentifierFactory(organisation=one, scheme="vat", value="EL094014201")
    page = sign_in(world.a.manager).get(f"/directory/{ours.pk}/")
    assert [one.pk for one in page.context["elsewhere"]] == [theirs.pk]
    assert "Also listed by" in page.text
    Organisation.objects.filter(pk=theirs.pk).update(visibility="private")
    page = sign_in(world.a.manager).get(f"/directory/{ours.pk}/")
    assert page.context["elsewhere"] == []
    assert "Also listed by" not in page.text


def test_many_numbers_cost_no_more_queries(world, sign_in):
    client, member = sign_in(world.a.manager), world.a.members[0]
    url = f"/directory/{member.pk}/"
    IdentifierFactory(organisation=member)

    def count():
        with CaptureQueriesContext(connection) as ran:
            assert client.get(url).status_code == 200
        return len(ran)

    count()
    few = count()
    IdentifierFactory.create_batch(8, organisation=member)
    assert count() == few
