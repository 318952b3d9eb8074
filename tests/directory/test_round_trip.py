"""An export in one language is imported by somebody who works in another."""

from itertools import cycle

import pytest
from django.utils import timezone, translation

from proxeny.directory import operations
from proxeny.directory.memberlist.columns import LISTED
from proxeny.directory.memberlist.values import READERS
from proxeny.directory.models import Kind, Visibility
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.directory import MembershipFactory, OrganisationFactory
from tests.stages import staged

LANGUAGES = ["en", "fr", "el", "ar"]
KINDS = [kind for kind in Kind.values if kind != Kind.CLUSTER]


@staged
def members(world):
    """One member of each kind, with all that a list can say of it."""
    for kind, visibility in zip(KINDS, cycle(Visibility.values)):
        made = OrganisationFactory(
            name=f"Member of kind {kind}",
            key=f"K-{kind}",
            kind=kind,
            visibility=visibility,
            steward=world.a.cluster,
            sectors=["Health", "3D"],
            languages=["el", "ar"],
            language="fr",
            employees=1250,
            founded=1998,
            email="k@member.example",
            website="https://member.example",
            contact="Their contact",
            region="Attica",
            city="Athens",
            summary="One.\nTwo, three.",
        )
        MembershipFactory(cluster=world.a.cluster, organisation=made)


def import_file(world, path):
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader), translation.override("en"):
        return operations.import_file(
            actor=reader, cluster_id=world.a.cluster.pk, path=path, now=timezone.now()
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_export_comes_back_unchanged(world, members, sign_in, tmp_path, language):
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = language
    exported = client.get("/directory/export/", {"q": "kind"})
    path = tmp_path / "directory.csv"
    path.write_bytes(exported.content)
    brought = import_file(world, path)
    assert set(brought.mapping) == {target.name for target in LISTED}
    assert (brought.added, brought.changed, brought.unchanged) == (0, 0, len(KINDS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_kind_and_visibility_is_read_in_any_language(language):
    for name, choices in (("kind", Kind), ("visibility", Visibility)):
        with translation.override(language):
            labels = {value: str(label) for value, label in choices.choices}
        labels.pop("cluster" if choices is Kind else "", None)
        assert {value: READERS[name](label) for value, label in labels.items()} == {
            value: value for value in labels
        }


def test_unreadable_words_are_answered_with_those_of_the_page():
    with translation.override("fr"), pytest.raises(ValueError, match="Laboratoire") as refused:
        READERS["kind"]("licorne")
    assert "lab," not in str(refused.value)
    with translation.override("ar"), pytest.raises(ValueError, match="الجميع"):
        READERS["visibility"]("licorne")
