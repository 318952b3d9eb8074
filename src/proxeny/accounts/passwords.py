"""Passwords that are refused: easy to guess for anybody with the person's own words, or known from a breach."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from zxcvbn import zxcvbn

from proxeny.accounts.models import Account, Person
from proxeny.kernel.tenancy import as_service

#: Of 0 to 4: more than a hundred million guesses, also with the person's own words.
LEAST_SCORE = 3
#: Checked length of a long password: the time grows faster than the length.
_LOOKED_AT = 72
_PRODUCT = "proxeny"


class GuessableValidator:
    """A validator that rejects passwords easily guessed from the person, organisation or site."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password below the least score."""
        words = [_PRODUCT, *(own_words(user) if isinstance(user, Account) else [])]
        if min(_score(password, words), _score(_without(password, words), [])) < LEAST_SCORE:
            raise ValidationError(
                _(
                    "This password is easy to guess. Use four or more words that don’t belong "
                    "together, without your name, your email address or your organisation."
                )
            )

    def get_help_text(self) -> str:
        """Return the hint beside the field."""
        return _("Your password must not be easy to guess, even for someone who knows you.")


class BreachedValidator:
    """A validator that rejects passwords listed in the operator's local file of breached ones."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a breached password, or when the file cannot be read."""
        if not settings.BREACHED_PASSWORDS:
            return
        try:
            known = is_breached(password, Path(settings.BREACHED_PASSWORDS))
        except OSError:
            raise ValidationError(
                _(
                    "The list of stolen passwords can’t be read right now, so no new password "
                    "can be set. Try again later, or contact whoever runs this site."
                )
            ) from None
        if known:
            raise ValidationError(
                _(
                    "This password is on a list of stolen passwords that attackers try first. Choose "
                    "another one, and change it wherever else you use it."
                )
            )

    def get_help_text(self) -> str:
        """Return nothing: the other hints say what a password needs."""
        return ""


def _score(password: str, words: list[str]) -> int:
    score: int = zxcvbn(password[:_LOOKED_AT] or " ", user_inputs=words)["score"]
    return score


def _without(password: str, words: list[str]) -> str:
    """Return what is left of a password: two own words and a hyphen count as many guesses, or none."""
    long = sorted((re.escape(word) for word in words if len(word) > 3), key=len, reverse=True)
    return re.sub("|".join(long), "", password, flags=re.IGNORECASE)


def own_words(account: Account) -> list[str]:
    """Return words linked to a person: parts of the address, the name, the organisations' names."""
    texts = [account.email, *account.words]
    if account.pk:
        with as_service("A password is compared with the names of its owner's organisations."):
            found = Person.objects.filter(account_id=account.pk)
            for name, organisation in found.values_list("name", "seats__organisation__name"):
                texts += [name, organisation or ""]
    return list(_parts(texts))


def _parts(texts: Iterable[str]) -> Iterable[str]:
    found: dict[str, None] = {}
    for text in texts:
        words = [word for word in re.split(r"[\W_]+", text.lower()) if len(word) > 2]
        found |= dict.fromkeys([text.lower(), "".join(words), *words])
    return [one for one in found if one]


def is_breached(password: str, path: Path) -> bool:
    """Whether a file of SHA-1 sums has that of a password.

    The file has a line for each sum, in order, as "Pwned Passwords" is handed out ordered by hash:
    40 hexadecimal digits, then a colon and a number, or nothing. It is never read as a whole: about
    30 places of 40 GB are looked at.
    """
    digest = hashlib.sha1(password.encode(errors="replace"), usedforsecurity=False)
    wanted = digest.hexdigest().upper().encode()
    low, high = 0, path.stat().st_size
    with path.open("rb") as file:
        # The first line that begins at `low` or later and is not below what is wanted.
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()
            line = file.readline()
            if line and line[:40].upper() < wanted:
                low = middle + 1
            else:
                high = middle
        file.seek(low)
        if low:
            file.readline()
        return file.readline()[:40].upper() == wanted
