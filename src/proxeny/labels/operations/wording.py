"""The texts of a label in other languages: written many at once, beside the text as it is written."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Wording
from proxeny.labels.operations.entering import enter_scheme, note
from proxeny.labels.queries.schemes import read_parts
from proxeny.labels.wordings import Worded, languages_to, texts_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """A text as somebody translated it.

    Attributes
    ----------
    of_hash : str
        The fingerprint of the text that was translated, as it was read.
    was : str, optional
        The fingerprint of the translation that stood there; None writes over whatever stands there.
    """

    key: str
    text: str
    of_hash: str
    was: str | None = None


@transaction.atomic
def write_texts(
    *, actor: Reader, partnership_id: int, scheme_id: int, language: str,
    texts: Collection[Wanted], now: datetime,
) -> int:  # fmt: skip
    """Write texts of a label in another language; return how many changed.

    An empty text takes the translation away. One whose source was written anew in the meantime is
    kept, and stays marked: its `of_hash` is that of what was read.

    Side effects: an audit row, if something changed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `entering.enter_scheme`; somebody translated the same text meanwhile: `field` is its
        key.
    InvalidInput
        The label is not published in this language; it has no such text, or the translation is too
        long: `field` is its key.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id)
    scheme = entered.scheme
    if language not in languages_to(scheme):
        raise InvalidInput(_("The label is not published in this language."), field="language")
    known = texts_of(read_parts(scheme), language)
    changed = []
    for one in texts:
        kept = known.get(one.key)
        if kept is None:
            raise InvalidInput(_("There is no such text any more."), field=one.key)
        text = _clean(one, kept)
        if text == kept.text and (not text or one.of_hash == kept.of_hash):
            continue
        if one.was is not None and one.was != kept.was:
            raise Conflict(_("Somebody translated this in the meantime: “%(text)s”")
                           % {"text": kept.text[:200]}, field=one.key)  # fmt: skip
        changed.append(Wording(
            partnership_id=scheme.partnership_id, scheme=scheme, key=one.key, language=language,
            text=text, of_hash=one.of_hash,
        ))  # fmt: skip
    _write(changed, scheme_id, language)
    if changed:
        note(
            actor, "translate_scheme", scheme, partnership_id=partnership_id,
            organisation_id=entered.organisation_id,
            changes={"title": scheme.title, "language": language, "count": len(changed)},
        )  # fmt: skip
    return len(changed)


def _clean(one: Wanted, kept: Worded) -> str:
    text = one.text.replace("\r\n", "\n").strip() if kept.is_long else " ".join(one.text.split())
    if len(text) > kept.most:
        raise InvalidInput(
            _("This is too long: at most %(count)d signs.") % {"count": kept.most}, field=one.key
        )
    if len(one.of_hash) != 64:
        raise InvalidInput(_("Say which text was translated: its fingerprint is missing."),
                           field=one.key)  # fmt: skip
    return text


def _write(changed: list[Wording], scheme_id: int, language: str) -> None:
    found = Wording.objects.filter(scheme_id=scheme_id, language=language)
    found.filter(key__in=[one.key for one in changed if not one.text]).delete()
    Wording.objects.bulk_create(
        [one for one in changed if one.text], update_conflicts=True,
        unique_fields=["scheme", "key", "language"], update_fields=["text", "of_hash"],
    )  # fmt: skip
