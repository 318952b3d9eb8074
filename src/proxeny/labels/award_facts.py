"""An award as everybody reads it, in one language: what its page and its badge show.

Nothing is asked here but the names of countries.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from proxeny.directory.countries import country_name
from proxeny.kernel.linked_data import without_empty
from proxeny.labels.badge_picture import Picture, tone_of
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Award
from proxeny.labels.presenters import tell_percent
from proxeny.labels.scheme_presenters import ShownScheme, show_scheme
from proxeny.labels.verdict_explanations import tell_day

#: Nobody may show an award in these states as if it held.
OVER = ("revoked", "ended", "replaced")


@dataclass(frozen=True, slots=True)
class ShownAward:
    """An award for a page. `level` and `total` are empty where it has none."""

    award: Award
    shown: ShownScheme
    state: str
    country: str
    level: str
    total: str
    sentence: str

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return {"valid": "ok", "to-come": "info", "revoked": "bad"}.get(self.state, "warn")


def show_award(award: Award, state: str) -> ShownAward:
    """Return an award in the reader's language; its version was read along."""
    text = read_scheme(award.scheme_version.content)
    level = text.level(award.level)
    return ShownAward(
        award,
        show_scheme(text),
        state,
        country_name(award.country),
        text.told(level.title) if level else "",
        "" if award.total is None else tell_percent(award.total),
        _tell_state(award, state),
    )


def _tell_state(award: Award, state: str) -> str:
    begins, ends = tell_day(award.valid_from), tell_day(award.valid_until)
    if state == "valid":
        return _("This award is valid until %(day)s.") % {"day": ends}
    if state == "to-come":
        return _("This award is valid from %(day)s.") % {"day": begins}
    if state == "ended":
        return _("This award has expired: it was valid until %(day)s.") % {"day": ends}
    if state == "replaced":
        return _("This award was replaced on %(day)s.") % {"day": tell_day(award.revoked_at)}
    return _("This award was revoked on %(day)s and is no longer valid.") % {
        "day": tell_day(award.revoked_at)
    }


def picture_of(award: Award, state: str) -> Picture:
    """Return the content of its badge, in the language of the label."""
    text = read_scheme(award.scheme_version.content)
    with override(text.language):
        level = text.level(award.level)
        ended = pgettext("across a badge", "No longer valid") if state in OVER else ""
        name = text.told(text.title, text.language)
        return Picture(
            name=name,
            clusters=tuple(one.name for one in text.issuers),
            year=f"{award.valid_from:%Y}",
            language=text.language,
            ended=ended,
            level=text.told(level.title, text.language) if level else "",
            tone=tone_of(award.level, [one.key for one in text.levels]),
            told=_alt(award, name, ended),
        )


def _alt(award: Award, name: str, ended: str) -> str:
    said = _("Label %(label)s: %(holder)s") % {"label": name, "holder": award.holder}
    return f"{said} ({ended})" if ended else said


def alt_of(award: Award) -> str:
    """Return the alternative text of an embedded badge, in the language of the label."""
    text: SchemeText = read_scheme(award.scheme_version.content)
    with override(text.language):
        return _alt(award, text.told(text.title, text.language), "")


def describe_award(one: ShownAward, *, url: str) -> dict[str, Any]:
    """Return an award as schema.org has it: a certification of an organisation."""
    award = one.award
    return {"@context": "https://schema.org"} | without_empty(
        {
            "@type": "Certification",
            "@id": url,
            "url": url,
            "name": str(one.shown.title),
            "description": award.title,
            "certificationIdentification": award.code,
            "certificationStatus": "CertificationActive"
            if one.state == "valid"
            else "CertificationInactive",
            "certificationRating": without_empty({"@type": "Rating", "name": one.level})
            if one.level
            else None,
            "validFrom": award.valid_from.isoformat(),
            "expires": award.valid_until.isoformat(),
            "datePublished": award.issued_at.date().isoformat() if award.issued_at else None,
            "image": f"{url}badge.png",
            "about": {"@type": "Organization", "name": award.holder},
            "issuedBy": [
                {"@type": "Organization", "name": each.name} for each in one.shown.issuers
            ],
        }
    )
