"""Awards as credentials that no side has signed yet."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.engine.credentials import Achievement, Holder, Label, Level, build_award
from proxeny.engine.credentials import Award as Content
from proxeny.engine.credentials.proofs import hash_document
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Award
from proxeny.labels.operations.issuing import Issuing, award_url, label_url, version_url
from proxeny.labels.operations.status_lists import url_of


def build_credential(award: Award, issuing: Issuing) -> dict[str, Any]:
    """Return the credential of an unsaved award, in the language of its label.

    It contains the total if the award is to show it. Scheme version and list were read along.
    """
    text = read_scheme(award.scheme_version.content)
    with override(text.language):
        return build_award(
            Content(
                id=award_url(award.code),
                label=Label(
                    did=issuing.did, name=_told(text, text.title), url=label_url(issuing.slug)
                ),
                achievement=_achievement(text, award, issuing),
                holder=Holder(name=award.holder, url=_web_site(award.website)),
                valid_from=award.valid_from,
                valid_until=award.valid_until,
                status_url=url_of(issuing, award.status_list.number),
                status_index=award.status_index,
                level=award.level or None,
                percent=None if award.total is None else Decimal(award.total),
            )
        )


def _achievement(text: SchemeText, award: Award, issuing: Issuing) -> Achievement:
    number = award.scheme_version.number
    page = version_url(issuing.slug, number)
    name = _told(text, text.title)
    said = [_told(text, one) for one in (text.about, text.recognition)]
    return Achievement(
        id=page,
        name=name,
        description="\n\n".join(filter(None, said)) or name,
        criteria=_criteria(text) or name,
        criteria_url=page,
        language=text.language,
        version=str(number),
        levels=tuple(Level(key=one.key, name=_told(text, one.title)) for one in text.levels),
        level_name=_("Level"),
        total_name=_("Total in percent"),
    )


def _criteria(text: SchemeText) -> str:
    least = _("At least %(percent)s percent in total.") % {"percent": f"{text.total_least:g}"}
    return "\n".join([*(f"– {_told(text, one.title)}" for one in text.criteria), least])


def _told(text: SchemeText, words: Mapping[str, str]) -> str:
    return text.told(words, text.language)


def _web_site(url: str) -> str | None:
    """Return the address of a web site as a whole, or None where it is none."""
    whole = url if "://" in url else f"https://{url}"
    parts = urlsplit(whole) if url else None
    is_one = parts and parts.scheme in ("https", "http") and "." in parts.netloc
    return whole if is_one and not any(one.isspace() for one in whole) else None


def fingerprint_of(credential: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a credential without its signatures, in hexadecimal."""
    return hash_document(credential).hex()
