"""When the demo world is not loaded, or only half of it would be."""

import pytest

from proxeny.accounts.models import Person
from proxeny.demo import demo_sign_ins, load_demo
from proxeny.directory.models import Organisation
from tests.factories.directory import OrganisationFactory


def test_a_database_with_an_organisation_is_left_alone(db):
    OrganisationFactory()
    assert load_demo(say=pytest.fail) is False
    assert Organisation.objects.count() == 1
    assert demo_sign_ins() == []


def test_a_load_that_is_killed_leaves_nothing(db):
    def die(line: str) -> None:
        if "members" in line and "Loading" not in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(say=die)
    assert Organisation.objects.count() == 0
    assert Person.objects.count() == 0
    assert demo_sign_ins() == []
