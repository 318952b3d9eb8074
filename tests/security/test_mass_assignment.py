"""Privilege by mass assignment: a form or a body that names more than its page offers sets nothing.

Each form is sent as it stands, with every column of the record added, as a clever intern would.
"""

import pytest
from django.db import models

from proxeny.accounts.models import Account, Person, Seat
from proxeny.directory.models import Listing, Organisation
from proxeny.events.models import Event, Participation
from proxeny.partnerships.models import Partnership
from tests.access.probes import Clients
from tests.factories.partnerships import AgreementFactory, PartnershipFactory, PartyFactory
from tests.forms import form_of

#: What the intern would like each kind of column to say.
_WISHES = (
    (models.BooleanField, "on"),
    (models.DateTimeField, "2030-01-01T00:00"),
    (models.DateField, "2030-01-01"),
    (models.IntegerField, "7"),
    (models.ForeignKey, "1"),
)


def _wish(field: models.Field) -> str:
    for kind, value in _WISHES:
        if isinstance(field, kind):
            return value
    return field.choices[-1][0] if field.choices else "intruded"


def _intrusion(model: type[models.Model]) -> dict[str, str]:
    found = {}
    for field in model._meta.concrete_fields:
        found[field.name] = found[field.attname] = _wish(field)
    return found | {"pk": "1", "is_staff": "on", "is_superuser": "on", "role": "manager"}


def _draft(crowd):
    lead = crowd.world.a.cluster
    draft = PartnershipFactory(title="Not sent yet", lead=lead, state=Partnership.State.DRAFT)
    for side, cluster in (("A", lead), ("B", crowd.world.c.cluster)):
        PartyFactory(partnership=draft, organisation=cluster, side=side)
    AgreementFactory(partnership=draft)
    return draft


CASES = {
    "an entry, by its member": (
        "a_member",
        Organisation,
        lambda c: c.world.a.members[0],
        "/directory/{pk}/edit/",
        {"steward_id", "key", "id", "created_at", "sort_name"},
    ),
    "an offer": (
        "a_member",
        Listing,
        lambda c: c.listing,
        "/directory/listings/{pk}/edit/",
        {"organisation_id", "id", "created_at"},
    ),
    "oneself": (
        "a_member",
        Person,
        lambda c: c.world.a.representatives[0],
        "/people/me/",
        {"account_id", "email", "id", "created_at"},
    ),
    "an event": (
        "a_manager",
        Event,
        lambda c: c.taken.event,
        "/events/{pk}/setup/",
        {"partnership_id", "state", "revision", "published_at", "created_at", "id"},
    ),
    "a registration": (
        "a_member",
        Participation,
        lambda c: c.taken.greek[0],
        "/events/participations/{pk}/",
        {"event_id", "organisation_id", "group_id", "id"},
    ),
    "a draft of a partnership": (
        "a_manager",
        Partnership,
        _draft,
        "/partnerships/{pk}/edit/",
        {"lead_id", "state", "created_at", "id"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_form_sets_only_what_its_page_offers(crowd, name):
    who, model, find, address, kept = CASES[name]
    record, client = find(crowd), Clients(crowd)[who]
    url = address.format(pk=record.pk)
    before = model._base_manager.filter(pk=record.pk).values(*kept).get()
    page = client.get(url)
    assert page.status_code == 200
    offered = form_of(page, "csrfmiddlewaretoken" if name == "oneself" else "version")
    hidden = {key: value for key, value in _intrusion(model).items() if key not in offered}
    assert hidden, "nothing to try"
    others = (Account.objects.count(), Seat.objects.count())
    client.post(url, offered | hidden)
    assert model._base_manager.filter(pk=record.pk).values(*kept).get() == before
    assert (Account.objects.count(), Seat.objects.count()) == others


def test_a_program_that_names_an_unknown_field_is_told_so(crowd, call):
    member = crowd.world.a.members[0]
    program = call(crowd.world.a.manager, "directory:read", "directory:write")
    for field in ("steward", "steward_id", "id", "version", "created_at"):
        answer = program.patch(
            f"/directory/organisations/{member.pk}",
            {"city": "Patras", field: 1},
            version=member.version,
        )
        assert answer.status_code == 422, field
        assert field in str(answer.json()["errors"]), field
    member.refresh_from_db()
    assert member.city != "Patras"
