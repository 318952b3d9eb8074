"""Shorthands of the tests of schemes: a draft that lacks nothing, put before all sides, and signed."""

from django.test import Client
from django.urls import reverse

from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.labels.models import Scheme, SchemeVersion
from proxeny.labels.operations.publishing import ask_scheme, prepare
from proxeny.labels.queries.schemes import read_parts, versions_of
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.records import add_record, change_record
from proxeny.partnerships.queries import parties_of
from tests.conftest import reader_of
from tests.factories import labels as made
from tests.partnerships.rooms import do


def draft(world, **values) -> Scheme:
    """Return a label that lacks nothing, in English alone unless said otherwise."""
    values = {"title": "Atlas", "slug": "atlas", "languages": "en", **values}
    scheme = made.SchemeFactory(partnership=world.partnership, **values)
    first = made.CriterionFactory(scheme=scheme, number=1, title="Novelty", weight=2)
    second = made.CriterionFactory(scheme=scheme, number=2, title="Market", least=50)
    made.IndicatorFactory(criterion=first, number=1, title="New abroad")
    made.IndicatorFactory(criterion=second, number=1, title="Customers", weight=2)
    made.ConditionFactory(scheme=scheme)
    made.LevelFactory(scheme=scheme, title="Silver", least=60)
    made.LevelFactory(scheme=scheme, title="Gold", least=80)
    made.QuotaFactory(scheme=scheme)
    return Scheme.objects.get(pk=scheme.pk)


def prepared(scheme, person):
    """Return what would be published, as somebody sees it."""
    with acting_as(WEB, reader_of(person)):
        one = Scheme.objects.get(pk=scheme.pk)
        return prepare(read_parts(one), parties_of(one.partnership), list(versions_of(one)))


def put(scheme, person):
    """Put a label before all sides, as it stands."""
    return do(
        person,
        ask_scheme,
        partnership_id=scheme.partnership_id,
        scheme_id=scheme.pk,
        seen=prepared(scheme, person).checksum,
    )


def sign(agreement, person):
    """Sign a text for somebody's side."""
    return do(
        person,
        signing.sign_text,
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.pk,
        text_hash=agreement.text_hash,
    )


def publish(world, scheme) -> SchemeVersion:
    """Publish a label with the signatures of both sides."""
    sign(put(scheme, world.a.manager), world.b.manager)
    return SchemeVersion.objects.filter(scheme=scheme).latest("number")


def add(person, scheme, kind, **values):
    """Add a part to a label, or a label to its room."""
    return do(
        person,
        add_record,
        kind=kind,
        partnership_id=scheme.partnership_id,
        values={"scheme": scheme.pk, **values},
    )


def change(person, record, kind, **values):
    """Change a record of a label."""
    version = type(record).objects.get(pk=record.pk).version
    return do(
        person,
        change_record,
        kind=kind,
        partnership_id=record.partnership_id,
        record_id=record.pk,
        version=version,
        values=values,
    )


def at(name, *arguments):
    """Return the address of a page of labels."""
    return reverse(f"labels:{name}", args=arguments)


def read(client: Client, name, *arguments, status=200, **query) -> str:
    """Return a page as it is sent."""
    answer = client.get(at(name, *arguments), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()
