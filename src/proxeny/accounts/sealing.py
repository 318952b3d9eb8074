"""Second factors' secrets, sealed before they are kept: a stolen table makes no codes."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _


def _fernet() -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"proxeny second factors")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


class SealingAdapter(DefaultMFAAdapter):
    """allauth's own, with its two hooks for sealing filled in, and a sentence that says what to do.

    The key comes from PROXENY_SECRET_KEY: with another one, people use their recovery from the
    start, as after a lost device.
    """

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _(
            "Your second factor is linked to this address. Turn it off, change the address, then "
            "turn it on again."
        ),
        "incorrect_code": _("This code isn’t valid. The app shows a new one every 30 seconds."),
        "unverified_email": _("Confirm your address first: open the link we emailed to it."),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it is kept."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret again."""
        return _fernet().decrypt(encrypted_text.encode()).decode()
