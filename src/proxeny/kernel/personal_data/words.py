"""Descriptions of retention periods in plain words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from proxeny.kernel.personal_data.declared import Holding, Keep

#: The term in words, by the column from which days are counted.
_TERMS: dict[str, Any] = {
    "sent_at": ngettext_lazy(
        "%(days)s day after it was sent", "%(days)s days after it was sent", "days"
    ),
    "finished_at": ngettext_lazy(
        "%(days)s day after it ended", "%(days)s days after it ended", "days"
    ),
    "created_at": ngettext_lazy(
        "%(days)s day after it was created", "%(days)s days after it was created", "days"
    ),
    "created": ngettext_lazy(
        "%(days)s day after it was created", "%(days)s days after it was created", "days"
    ),
    "withdrawn_at": ngettext_lazy(
        "%(days)s day after it was withdrawn", "%(days)s days after it was withdrawn", "days"
    ),
    "revoked_at": ngettext_lazy(
        "%(days)s day after it was revoked", "%(days)s days after it was revoked", "days"
    ),
    "expires_at": ngettext_lazy(
        "%(days)s day after it expired", "%(days)s days after it expired", "days"
    ),
    "expire_date": ngettext_lazy(
        "%(days)s day after it expired", "%(days)s days after it expired", "days"
    ),
    "applied_at": ngettext_lazy(
        "%(days)s day after the import", "%(days)s days after the import", "days"
    ),
    "asked_at": ngettext_lazy(
        "%(days)s day after it was requested", "%(days)s days after it was requested", "days"
    ),
    "idle_since": ngettext_lazy(
        "%(days)s day after it is no longer needed",
        "%(days)s days after it is no longer needed",
        "days",
    ),
    "last_seen_at": ngettext_lazy(
        "%(days)s day after the last visit", "%(days)s days after the last visit", "days"
    ),
    "ends_at": ngettext_lazy("%(days)s day after the end", "%(days)s days after the end", "days"),
    "started": ngettext_lazy(
        "%(days)s day after counting began", "%(days)s days after counting began", "days"
    ),
}


def describe_keep(keep: Keep) -> str:
    """Return one term as a phrase: "90 days after it was sent"."""
    if not keep.days:
        return _("Until it expires")
    return str(_TERMS[keep.since] % {"days": keep.days})


def describe_term(holding: Holding) -> str:
    """Return how long a table's rows are kept, as a phrase, or as the sentence that says why."""
    terms = list(dict.fromkeys(describe_keep(keep) for keep in holding.keep))
    if terms:
        return "; ".join(terms)
    return str(holding.why_kept) or _("As long as the record it belongs to")
