"""Limits on failed sign-ins: strangers are slowed down, and cannot lock the owner out.

Failed attempts at one account are counted separately

- for a browser that has signed in to this account before (it carries a signed cookie),
- for each network address without such a cookie, and for all of these together.

So passwords and codes cannot be guessed from many addresses at once, and whatever strangers do, the
owner's own browser has a count of its own. After OWASP's "device cookies".
"""

import secrets
from dataclasses import dataclass, field

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "proxeny_known"
_SALT = "accounts.known"
_YEAR = 365 * 24 * 3600
#: Maximum number of people remembered by a shared browser.
_MOST = 5

#: Attempts by a browser that is known; at one account from one address; at one from everywhere.
_KNOWN = "10/900s/key"
_PLACE = "5/300s/key,20/1h/key"
#: At any account from one address. A venue shares one address.
_ADDRESS = "30/m/ip"
#: A password has ten letters or more; a code has six digits.
_TOGETHER = {"password": "200/1h/key", "code": "40/1h/key"}
#: Mails that a stranger can cause to one address. Further ones are dropped without a notice.
_MAILS = "3/900s/key,20/1d/key"
#: Invalid links, from one network address. A company shares one.
_WRONG = "30/m/ip,300/h/ip"


@dataclass
class Attempt:
    """One attempt that was counted; `rollback` takes it back when it turned out to be right."""

    usages: list[ratelimit.RateLimitUsage] = field(default_factory=list)

    def rollback(self) -> None:
        """Undo the count."""
        for usage in self.usages:
            usage.rollback()


def count_attempt(request: HttpRequest, kind: str, email: str) -> Attempt | None:
    """Count an attempt at an account before it is looked at; None when there were too many.

    Parameters
    ----------
    kind : str
        `password` or `code`.
    email : str
        The address that names the account, whether there is one or not.
    """
    attempt = Attempt()
    for rates, key in _counts(request, kind, email):
        usage = ratelimit.consume(
            request, app="allauth.account", action=kind, config={kind: rates}, key=key
        )
        if usage is None:
            return None
        attempt.usages.append(usage)
    return attempt


def forget_attempts(request: HttpRequest, kind: str, email: str) -> None:
    """Count from the beginning: the owner has just proved to read this address."""
    for rates, key in _counts(request, kind, email):
        if rates != _ADDRESS:
            ratelimit.clear(
                request, app="allauth.account", action=kind, config={kind: rates}, key=key
            )


def _counts(request: HttpRequest, kind: str, email: str) -> list[tuple[str, str]]:
    who = _digest(email)
    browser, accounts = _read(request)
    if who in accounts:
        return [(_KNOWN, f"{browser}:{who}")]
    return [
        (_ADDRESS, ""),
        (_PLACE, f"{ratelimit.get_ip(request)}:{who}"),
        (_TOGETHER[kind], who),
    ]


def may_mail(request: HttpRequest, template: str, email: str) -> bool:
    """Count a mail that anybody can cause; False when the address has had too many."""
    usage = ratelimit.consume(
        request,
        app="allauth.account",
        action="mail",
        config={"mail": _MAILS},
        key=f"{template}:{_digest(email)}",
        limit_get=True,
    )
    return usage is not None


def may_try(request: HttpRequest) -> bool:
    """Count a link that opened nothing; False when there were too many from this address."""
    usage = ratelimit.consume(
        request, app="proxeny.accounts", action="link", config={"link": _WRONG}, limit_get=True
    )
    return usage is not None


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let the browser prove from now on that it has signed in to this account before."""
    browser, accounts = _read(request)
    who = _digest(email)
    kept = [who, *(one for one in accounts if one != who)][:_MOST]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser or secrets.token_hex(8), kept], salt=_SALT),
        max_age=_YEAR,
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, accounts = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_YEAR
        )
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return browser, accounts


def _digest(email: str) -> str:
    digest = salted_hmac(_SALT, email.strip().lower(), algorithm="sha256")
    return digest.hexdigest()[:20]
