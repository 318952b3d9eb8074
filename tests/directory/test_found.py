"""The first cluster and its manager, from the command line."""

import pytest
from allauth.account.models import EmailAddress

from proxeny.accounts.models import Account, Seat
from proxeny.directory.command import found_from_command_line
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import InvalidInput

WHO = {"cluster_name": "Our cluster", "email": "you@example.org", "person": "Your Name"}


def test_a_cluster_and_its_manager_are_founded_together(db):
    said = found_from_command_line(country="Greece", **WHO)
    cluster = Organisation.objects.get()
    assert (cluster.name, cluster.country, cluster.kind) == ("Our cluster", "GR", "cluster")
    seat = Seat.objects.get()
    assert (seat.person.name, seat.role, seat.organisation) == ("Your Name", "manager", cluster)
    assert not seat.person.account.has_usable_password()
    assert EmailAddress.objects.get(user=seat.person.account).verified
    assert "/accounts/password/reset/key/" in said


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"country": "Atlantis"}, "country"),
        ({"country": "FR", "email": "nobody"}, "email address"),
    ],
)
def test_bad_input_founds_nothing(db, changes, words):
    with pytest.raises(InvalidInput, match=words):
        found_from_command_line(**{**WHO, **changes})
    assert Organisation.objects.count() == Account.objects.count() == 0
