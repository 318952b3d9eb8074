"""First and last steps of every operation on a partnership: the locked row, and the mails."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from proxeny.accounts.queries import managers_of, written_by
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.operations import tell as notify
from proxeny.partnerships import queries
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.sides import others_in

CHANGED = _(
    "Someone else has changed this partnership since you opened it. Check the latest version."
)
MAX_TEXT = 20_000


def lock(partnership_id: int) -> tuple[Partnership, list[Party]]:
    """Return a partnership, locked until the transaction ends, with its parties.

    Access is checked first; `NotFound` without it. The rest is read in the service role, since a
    reader's arrays were computed before this request wrote anything.
    """
    queries.get_partnership(partnership_id)
    with as_service("Access was checked, and the reader's rights may be older than the rows."):
        partnership = Partnership.objects.select_for_update().get(pk=partnership_id)
        parties = list(partnership.parties.select_related("organisation").order_by("side"))
    return partnership, parties


def expect(partnership: Partnership, *states: str) -> None:
    """Raise `Conflict` unless the partnership is in one of the states."""
    if partnership.state not in states:
        raise Conflict(CHANGED)


def write(partnership: Partnership, **values: object) -> None:
    """Write fields of a locked partnership and raise its version."""
    with as_service("The partnership is locked, and the caller has checked the actor's right."):
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
        raise InvalidInput(_("Write what you agree on."), field="text")
    if len(text) > MAX_TEXT:
        raise InvalidInput(
            _("The agreement is too long. Put the details in a separate document."), field="text"
        )
    return text


def clean_reason(reason: str) -> str:
    """Return why something is done; `InvalidInput` if nothing is said."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput(
            _("Give a reason in one sentence. The others will see it."), field="reason"
        )
    return reason[:2000]


def add_agreement(partnership: Partnership, text: str, *, number: int) -> Agreement:
    """Add a version of the text, without signatures."""
    with as_service("The service alone writes agreements, and callers have checked the right."):
        return Agreement.objects.create(
            partnership=partnership, number=number, text=text, text_hash=hash_text(text)
        )


def newest_agreement(partnership: Partnership) -> Agreement:
    """Return the newest version of the agreement itself."""
    with as_service("The newest text counts, even one that the reader's rights do not cover yet."):
        texts = partnership.agreements.filter(kind=Agreement.Kind.TEXT)
        return texts.order_by("-number")[:1].get()


def tell_others(
    kind: str,
    partnership: Partnership,
    parties: Iterable[Party],
    *,
    actor: Reader,
    mine: Side,
    today: date,
    why: str = "",
    what: Callable[[], str] = str,
    key: str = "",
    page: str = "detail",
    invited: str = "",
) -> None:
    """Mail the managers of the other parties, as `tell` does.

    An invited party is only mailed about its invitation: `invited` is its number.
    """
    others = [
        one
        for one in parties
        if one.pk != mine.pk and (one.state == Party.State.JOINED or str(one.pk) == invited)
    ]
    tell(
        kind,
        partnership,
        others,
        actor=actor,
        mine=mine,
        today=today,
        why=why,
        what=what,
        key=key,
        page=page,
    )


def tell(
    kind: str,
    partnership: Partnership,
    parties: Iterable[Party],
    *,
    actor: Reader,
    mine: Side,
    today: date,
    why: str = "",
    what: Callable[[], str] = str,
    key: str = "",
    page: str = "detail",
) -> None:
    """Mail the managers of these parties except the actor, each in their own language.

    `what` returns the subject; it is called in the language of each mail. `key` distinguishes mails
    of a kind where the version of the partnership does not.
    """
    parties = list(parties)
    path = reverse(f"partnerships:{page}", kwargs={"pk": partnership.pk})
    with as_service("A proposal shows nobody's staff, and yet the other managers are told."):
        managers = managers_of([one.organisation_id for one in parties], today=today)
    # A proposal alone shows nobody's staff, nor does an invitation to join.
    is_known = partnership.state in (Partnership.State.ACTIVE, Partnership.State.ENDED) and all(
        one.state != Party.State.INVITED for one in parties
    )
    others = others_in(partnership.pk)
    sender = written_by(actor, mine.organisation.name, is_known=is_known)
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
                "others": others,
                "action_url": f"{settings.BASE_URL}{path}",
            },
            sender=sender,
        )


def _told(what: Callable[[], str], language: str) -> str:
    with override(language):
        return what()
