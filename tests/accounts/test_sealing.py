"""Second factors' secrets are not kept as they are."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import InvalidToken


def test_the_table_holds_no_secret_in_the_clear(world):
    secret = generate_totp_secret()
    account = world.a.manager.account
    TOTP.activate(account, secret)
    RecoveryCodes.activate(account)
    kept = [str(one.data) for one in Authenticator.objects.all()]
    assert len(kept) == 2
    assert not any(secret in text for text in kept)
    assert get_adapter().decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret


def test_another_key_opens_nothing(world, settings):
    sealed = get_adapter().encrypt("a seed")
    settings.SECRET_KEY = "another secret of the installation"
    with pytest.raises(InvalidToken):
        get_adapter().decrypt(sealed)
