"""The texts of a label in other languages: written many at once, beside the text as it is written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Wording
from proxeny.labels.operations.guards import enter_scheme
from proxeny.labels.queries.schemes import read_parts
from proxeny.labels.scheme_texts import Worded, languages_to, texts_of
from proxeny.partnerships.operations.room import note


@dataclass(frozen=True, slots=True)
class Wanted:
    """A translated text.

    Attributes
    ----------
    of_hash : str
        The fingerprint of the source text, as it was read.
    was : str, optional
        The fingerprint of the previous translation; None overwrites any translation.
    """

    key: str
    text: str
    of_hash: str
    was: str | None = None


@transaction.atomic
def write_texts(
    *,
    actor: Reader,
    partnership_id: int,
    scheme_id: int,
    language: str,
    texts: Collection[Wanted],
    now: datetime,
) -> int:
    """Write translations of a label's texts; return the number of changed ones.

    An empty text removes the translation. If the source has changed meanwhile, the translation is
    kept and stays marked: its `of_hash` is that of the text that was read.

    Side effects: an audit row, if something changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `guards.enter_scheme`; another person translated the same text meanwhile: `field` is
        its key.
    InvalidInput
        The label is not published in this language; it has no such text, or the translation is too
        long: `field` is its key.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id)
    scheme = entered.record
    if language not in languages_to(scheme):
        raise InvalidInput(_("The label is not published in this language."), field="language")
    known = texts_of(read_parts(scheme), language)
    changed = []
    for one in texts:
        kept = known.get(one.key)
        if kept is None:
            raise InvalidInput(_("This text no longer exists."), field=one.key)
        text = _clean(one, kept)
        if text == kept.text and (not text or one.of_hash == kept.of_hash):
            continue
        if one.was is not None and one.was != kept.was:
            raise Conflict(
                _("Someone else has translated this since you opened it: “%(text)s”")
                % {"text": kept.text[:200]},
                field=one.key,
            )
        changed.append(
            Wording(
                partnership_id=scheme.partnership_id,
                scheme=scheme,
                key=one.key,
                language=language,
                text=text,
                of_hash=one.of_hash,
            )
        )
    _write(changed, scheme_id, language)
    if changed:
        note(
            actor,
            "translate_scheme",
            entered,
            scheme,
            changes={"title": scheme.title, "language": language, "count": len(changed)},
        )
    return len(changed)


def _clean(one: Wanted, kept: Worded) -> str:
    text = one.text.replace("\r\n", "\n").strip() if kept.is_long else " ".join(one.text.split())
    if len(text) > kept.most:
        raise InvalidInput(
            _("This is too long: use at most %(count)d characters.") % {"count": kept.most},
            field=one.key,
        )
    if len(one.of_hash) != 64:
        raise InvalidInput(
            _("Specify which text was translated: its fingerprint is missing."), field=one.key
        )
    return text


def _write(changed: list[Wording], scheme_id: int, language: str) -> None:
    found = Wording.objects.filter(scheme_id=scheme_id, language=language)
    found.filter(key__in=[one.key for one in changed if not one.text]).delete()
    Wording.objects.bulk_create(
        [one for one in changed if one.text],
        update_conflicts=True,
        unique_fields=["scheme", "key", "language"],
        update_fields=["text", "of_hash"],
    )
