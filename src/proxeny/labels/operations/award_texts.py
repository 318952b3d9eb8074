"""The texts that all sides sign for awards and their end: in English, the same each time."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.directory.countries import country_name
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Award, SchemeVersion
from proxeny.labels.operations.credentials import fingerprint_of
from proxeny.labels.operations.issuing import award_url
from proxeny.partnerships.models import Party


def write_awards(
    awards: Sequence[Award], version: SchemeVersion, parties: Iterable[Party], *, now: datetime
) -> str:
    """Return the text to sign for awards: each with the fingerprint of its credential."""
    with override("en"):
        text = read_scheme(version.content)
        head = _("Awards of the label “%(label)s”, version %(number)d") % {
            "label": text.name,
            "number": version.number,
        }
        names = "\n".join(
            f"– {one.organisation.name}" for one in parties if one.state == Party.State.JOINED
        )
        means = _(
            "We award the label to the following. With each signature below, the key of that "
            "cluster signs every one of these awards; an award is valid once all clusters have "
            "signed. The fingerprint (SHA-256) is that of the award’s file without signatures."
        )
        return "\n\n".join(
            [
                head,
                names,
                means,
                *(_award(one, text) for one in awards),
                *_fee(text, awards),
            ]
        )


def _award(one: Award, text: SchemeText) -> str:
    level = text.level(one.level)
    lines = [
        one.title,
        _("Holder: %(holder)s, %(country)s")
        % {
            "holder": one.holder,
            "country": country_name(one.country),
        },
        _("Level: %(level)s") % {"level": text.told(level.title)} if level else "",
        _("Total: %(total)s percent") % {"total": one.total} if one.total is not None else "",
        _("Valid from %(start)s until %(end)s")
        % {
            "start": _moment(one.valid_from),
            "end": _moment(one.valid_until),
        },
        _follows(one),
        _("Address: %(url)s") % {"url": award_url(one.code)},
        _("Fingerprint: %(hash)s") % {"hash": fingerprint_of(one.credential)},
    ]
    return "\n".join(filter(None, lines))


def _follows(one: Award) -> str:
    if one.replaces is None:
        return ""
    url = award_url(one.replaces.code)
    if one.why == Award.Why.NAME:
        return _("Replaces the award in the name of %(holder)s, which then ends: %(url)s") % {
            "holder": one.replaces.holder,
            "url": url,
        }
    return _("Renews: %(url)s") % {"url": url}


def _fee(text: SchemeText, awards: Sequence[Award]) -> list[str]:
    if not text.fee_award:
        return []
    return [
        _("Fee per award: %(fee)s %(currency)s")
        % {"fee": f"{text.fee_award:.2f}", "currency": text.currency}
    ]


def write_revocation(award: Award, reason: str) -> str:
    """Return the text to sign for the revocation of an award."""
    with override("en"):
        return "\n\n".join(
            [
                _("Revocation of an award"),
                _("We revoke the award of the label “%(label)s” to %(holder)s for “%(title)s”.")
                % {
                    "label": award.scheme_version.title,
                    "holder": award.holder,
                    "title": award.title,
                },
                _("Public reason: %(reason)s") % {"reason": reason},
                _("Address: %(url)s") % {"url": award_url(award.code)},
                _(
                    "Once all clusters have signed, anyone who checks the award will see that it "
                    "was revoked, and why. The revocation cannot be undone; the label can be "
                    "awarded again."
                ),
            ]
        )


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
