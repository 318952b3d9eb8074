"""The text by which all clusters confirm a decision: in English, the same each time.

It names the decision by its fingerprint. Applicants, points and minutes are not in it: they are
read on the page of the selection, by managers without a conflict of interest.
"""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from proxeny.kernel.canonical import digest_of
from proxeny.labels.content import read_selection
from proxeny.labels.models import Decision, Round
from proxeny.partnerships.models import Party


def fingerprint_of(one: Decision) -> str:
    """Return the SHA-256 of a decision's content and input."""
    return digest_of(
        {
            "round": one.round_id,
            "kind": one.kind,
            "content": one.content,
            "seen": one.seen,
            "held_on": one.held_on.isoformat(),
            "present": one.present,
            "minutes": one.minutes,
            "appeal": one.appeal_id,
            "answer": one.answer,
            "grants": one.grants,
        }
    )


def write_decision(one: Decision, held: Round, parties: Iterable[Party]) -> str:
    """Return the text to be confirmed."""
    with override("en"):
        page = reverse("labels:selection", args=[one.partnership_id, one.round_id])
        names = "\n".join(
            f"– {each.organisation.name}" for each in parties if each.state == Party.State.JOINED
        )
        return "\n\n".join(
            [
                _("Decision on the round “%(round)s” of the label “%(label)s”")
                % {"round": held.title, "label": held.scheme.title},
                names,
                _what(one),
                _("The jury met on %(day)s.") % {"day": one.held_on.isoformat()},
                _(
                    "The chosen applications, the answer to an appeal and the minutes can be "
                    "read on the pages of the round by managers without a conflict of interest: "
                    "%(url)s"
                )
                % {"url": f"{settings.BASE_URL}{page}"},
                _(
                    "The decision takes effect once all clusters have confirmed it, and no one "
                    "is informed before then. It becomes void if the scores, the places or the "
                    "participants change before then."
                ),
                _("Fingerprint (SHA-256) of the decision: %(hash)s")
                % {"hash": fingerprint_of(one)},
            ]
        )


def _what(one: Decision) -> str:
    if one.kind == Decision.Kind.APPEAL:
        return _("An appeal is answered.")
    if one.kind == Decision.Kind.MOVED_UP:
        return _("An application moves up from the waiting list into a free place.")
    selection = read_selection(one.content)
    chosen = ngettext(
        "%(count)d application gets a place.",
        "%(count)d applications get a place.",
        len(selection.chosen),
    ) % {"count": len(selection.chosen)}
    waiting = ngettext(
        "%(count)d application is on the waiting list.",
        "%(count)d applications are on the waiting list.",
        len(selection.waiting),
    ) % {"count": len(selection.waiting)}
    return f"{chosen} {waiting}"
