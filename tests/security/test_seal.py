"""The seal between transactions and connections that are committed."""

import psycopg
import pytest
from django.db import transaction

from proxeny.accounts.models import Account
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.security.test_console import ENTERED, other_connection, put, refused, settings_now


@pytest.mark.django_db(transaction=True)
def test_a_seal_is_of_one_transaction_and_one_connection():
    with acting_as(SERVICE):
        Account.objects.create(email="a@example.org")
    with acting_as(SERVICE):
        kept = settings_now()
        with other_connection() as other:
            sealed(other, kept)
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="seal"):
                other.execute("SELECT count(*) FROM accounts_account")
    with transaction.atomic():
        put(kept, SERVICE)
        assert "seal" in refused("SELECT count(*) FROM accounts_account")


def sealed(other: psycopg.Connection, values: list[str]) -> None:
    """Set on another connection what was read on this one."""
    for name, value in zip((*ENTERED, "role"), (*values, SERVICE), strict=True):
        other.execute("SELECT set_config(%s, %s, true)", [name, value])
