"""What every operation on a partnership begins and ends with: the locked row, and the mails."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from proxeny.accounts.queries import managers_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.operations import tell as notify
from proxeny.partnerships import queries
from proxeny.partnerships.models import Agreement, Partnership, Party

CHANGED = _("Somebody changed this partnership in the meantime. Look at it again.")
MAX_TEXT = 20_000


def lock(partnership_id: int) -> tuple[Partnership, list[Party]]:
    """Return a partnership, locked until the transaction ends, with its parties.

    Whether the reader sees it is asked first; `NotFound` otherwise. The rest is read as the
    service role, since a reader's arrays were worked out before this request wrote anything.
    """
    queries.get_partnership(partnership_id)
    with as_service():
        partnership = Partnership.objects.select_for_update().get(pk=partnership_id)
        parties = list(partnership.parties.select_related("organisation").order_by("side"))
    return partnership, parties


def expect(partnership: Partnership, *states: str) -> None:
    """Raise `Conflict` unless the partnership is in one of the states."""
    if partnership.state not in states:
        raise Conflict(CHANGED)


def write(partnership: Partnership, **values: object) -> None:
    """Write fields of a locked partnership and raise its version."""
    with as_service():
        Partnership.objects.filter(pk=partnership.pk).update(version=F("version") + 1, **values)
    for name, value in values.items():
        setattr(partnership, name, value)
    partnership.version += 1


def hash_text(text: str) -> str:
    """Return what a signature binds: the SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def clean_text(text: str) -> str:
    """Return an agreement's text with plain line ends; `InvalidInput` if empty or too long."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput(_("Write what the two sides agree on."), field="text")
    if len(text) > MAX_TEXT:
        raise InvalidInput(_("The agreement is too long. Attach details elsewhere."), field="text")
    return text


def clean_reason(reason: str) -> str:
    """Return why something is done; `InvalidInput` if nothing is said."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput(_("Say why, in a sentence that the other side reads."), field="reason")
    return reason[:2000]


def add_agreement(partnership: Partnership, text: str, *, number: int) -> Agreement:
    """Add a version of the text, without signatures."""
    with as_service():
        return Agreement.objects.create(
            partnership=partnership, number=number, text=text, text_hash=hash_text(text)
        )


def newest_agreement(partnership: Partnership) -> Agreement:
    """Return the newest version of the agreement itself."""
    with as_service():
        texts = partnership.agreements.filter(kind=Agreement.Kind.TEXT)
        return texts.order_by("-number")[:1].get()


def tell_others(
    kind: str,
    partnership: Partnership,
    parties: Iterable[Party],
    *,
    actor: Reader,
    mine: Party,
    today: date,
    why: str = "",
    what: Callable[[], str] = str,
    key: str = "",
    page: str = "detail",
    invited: str = "",
) -> None:
    """Mail the managers of the other parties, as `tell` does.

    Who is only invited hears of that alone: `invited` is the number of such a party.
    """
    others = [
        one for one in parties
        if one.pk != mine.pk and (one.state == Party.State.JOINED or str(one.pk) == invited)
    ]  # fmt: skip
    tell(kind, partnership, others, actor=actor, mine=mine, today=today, why=why, what=what,
         key=key, page=page)  # fmt: skip


def tell(
    kind: str, partnership: Partnership, parties: Iterable[Party], *, actor: Reader, mine: Party,
    today: date, why: str = "", what: Callable[[], str] = str, key: str = "", page: str = "detail",
) -> None:  # fmt: skip
    """Mail the managers of these parties but the actor, each in their own language.

    `what` names what it is about; it is asked in the language of each mail. `key` tells one mail of
    a kind from the next where the version of the partnership does not.
    """
    path = reverse(f"partnerships:{page}", kwargs={"pk": partnership.pk})
    with as_service():
        managers = managers_of([one.organisation_id for one in parties], today=today)
    for person in managers:
        if person.pk == actor.person:
            continue
        notify(
            person,
            topic="partnerships",
            key=f"partnership:{partnership.pk}:{kind}:{key or partnership.version}:{person.pk}",
            template="partnerships/mail/notice",
            context={
                "kind": kind,
                "name": person.name,
                "title": partnership.title,
                "cluster": mine.organisation.name,
                "actor": actor.name,
                "why": why,
                "what": _told(what, person.language),
                "action_url": f"{settings.BASE_URL}{path}",
            },
        )


def _told(what: Callable[[], str], language: str) -> str:
    with override(language):
        return what()
