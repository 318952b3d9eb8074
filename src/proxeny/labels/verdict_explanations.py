"""Results of a verification, in sentences for readers who know nothing of keys.

The page, the public endpoint, the API and the command line use the same words. Nothing here queries
the database.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from proxeny.engine.credentials import Check, Signature
from proxeny.engine.credentials.reading import MOST_BYTES as MOST_FILE_BYTES
from proxeny.kernel.lists import join_items
from proxeny.labels.finding import Finding, place_of

__all__ = [
    "MOST_FILE_BYTES",
    "Told",
    "ToldCheck",
    "tell",
    "tell_as_data",
    "tell_day",
    "tell_unreadable",
    "to_json",
]

_TONES = {
    "valid": "ok",
    "not_yet_valid": "info",
    "expired": "warn",
    "replaced": "warn",
    "unchecked": "warn",
    "elsewhere": "info",
    "unsupported": "warn",
    "unreadable": "warn",
}


@dataclass(frozen=True, slots=True)
class ToldCheck:
    """One check in words: its name for programs, a heading, a tone, and its meaning."""

    name: str
    state: str
    title: str
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """A result in words: a sentence, its details, and each check."""

    tone: str
    sentence: str
    more: tuple[str, ...]
    checks: tuple[ToldCheck, ...]


def tell_day(at: datetime | None) -> str:
    """Return a day as the reader writes it, in the reader's zone."""
    if at is None:
        return ""
    return str(date_format(localtime(at) if is_aware(at) else at, "DATE_FORMAT"))


def tell(finding: Finding) -> Told:
    """Return the result for a credential, in the reader's language."""
    sentence = _SENTENCES.get(finding.state, _tell_unsupported)(finding)
    return Told(
        _TONES.get(finding.state, "bad"),
        sentence,
        tuple(_more(finding)),
        tuple(_checks(finding)),
    )


def _tell_valid(one: Finding) -> str:
    until = tell_day(one.verdict.valid_until)
    if not until:
        return _("This award is genuine and has no end date.")
    return _("This award is genuine and valid until %(day)s.") % {"day": until}


def _tell_not_yet(one: Finding) -> str:
    return _("This award is genuine, but only valid from %(day)s.") % {
        "day": tell_day(one.verdict.valid_from)
    }


def _tell_expired(one: Finding) -> str:
    return _("This award is genuine, but it ended on %(day)s.") % {
        "day": tell_day(one.verdict.valid_until)
    }


def _tell_revoked(one: Finding) -> str:
    if one.since is None:
        return _("This award is no longer valid: the clusters that issued it have revoked it.")
    return _(
        "This award is no longer valid: the clusters that issued it revoked it on %(day)s."
    ) % {"day": tell_day(one.since)}


def _tell_replaced(_one: Finding) -> str:
    return _("This award is no longer valid: it has been replaced by another one.")


def _tell_altered(one: Finding) -> str:
    if one.verdict.reason_of("form") == "other_id":
        return _(
            "This file belongs to another award. It says nothing about the one you want to check."
        )
    return _("This file was changed after it was signed. Do not rely on it.")


def _tell_missing(one: Finding) -> str:
    reason = one.verdict.reason_of("signatures")
    missing = join_items(_never_signed(one))
    if reason == "twice":
        return _(
            "One cluster has signed twice, but this does not replace the signature of %(names)s. "
            "Do not rely on it."
        ) % {"names": missing}
    if reason in ("lost", "retired"):
        return _(
            "It carries a signature made with a key that is no longer valid. Request the file "
            "again: the award may have been signed again since then."
        )
    if missing and reason == "missing":
        return _(
            "The signature of %(names)s is missing. An award is only valid once every cluster "
            "behind the label has signed it."
        ) % {"names": missing}
    return _("Not all of its signatures come from clusters behind this label. Do not rely on it.")


def _never_signed(one: Finding) -> list[str]:
    """Return the clusters of which there is no signature at all; else all that are missing."""
    there = {each.cluster for each in one.verdict.signatures}
    return [one.name(did) for did in one.verdict.missing if did not in there] or one.missing


def _tell_unknown(one: Finding) -> str:
    place = place_of(one.verdict.issuer) if one.verdict.issuer else ""
    if one.verdict.reason_of("form") == "id_elsewhere":
        return _("Its address and its issuer do not match. Do not rely on it.")
    if place:
        return _(
            "It was not issued by the clusters it claims to come from: it names %(place)s. Do "
            "not rely on it."
        ) % {"place": place}
    return _("It does not identify its issuer in a way that can be checked. Do not rely on it.")


def _tell_never(_one: Finding) -> str:
    return _("No such award was ever issued here. Do not rely on it.")


def _tell_elsewhere(one: Finding) -> str:
    return _(
        "This award was issued on %(host)s, not here, so we can’t say whether it is valid."
    ) % {"host": one.place}


def _tell_unchecked(_one: Finding) -> str:
    return _(
        "We couldn’t check this award because something needed for the check was unavailable. "
        "That means neither that it is false nor that it is genuine."
    )


def _tell_unsupported(_one: Finding) -> str:
    return _("This type of credential can’t be checked here.")


def _tell_unreadable(one: Finding) -> str:
    return tell_unreadable(one.verdict.reason_of("form"))


def tell_unreadable(code: str) -> str:
    """Return why no award can be read from a file, by the engine's word for it."""
    return {
        "too_large": _(
            "This is too large to be an award. Use the file exactly as it was downloaded."
        ),
        "no_credential": _(
            "There is no award in this image. Use the file exactly as it was downloaded: a "
            "screenshot or a resized copy no longer contains it."
        ),
        "two_credentials": _(
            "This image contains more than one award, so it isn’t clear which one you mean."
        ),
        "damaged": _("This image is damaged."),
        "token": _("This is an award in another format, a token (JWT). It can’t be checked here."),
    }.get(code) or _(
        "No award found. Use the file (JSON, PNG or SVG) exactly as it was downloaded, or the "
        "address of the award."
    )


_SENTENCES = {
    "valid": _tell_valid,
    "not_yet_valid": _tell_not_yet,
    "expired": _tell_expired,
    "revoked": _tell_revoked,
    "replaced": _tell_replaced,
    "altered": _tell_altered,
    "signature_missing": _tell_missing,
    "unknown_issuer": _tell_unknown,
    "never_given": _tell_never,
    "elsewhere": _tell_elsewhere,
    "unchecked": _tell_unchecked,
    "unsupported": _tell_unsupported,
    "unreadable": _tell_unreadable,
}
#: Who signed is known in these: what the credential says may be told as said by its clusters.
_SIGNED = ("valid", "not_yet_valid", "expired", "revoked", "replaced")


def _more(one: Finding) -> Iterable[str]:
    if one.state in _SIGNED:
        yield _who_has_it(one)
        yield _who_signed(one)
        if not one.is_known:
            yield _(
                "The issuer is identified only by these addresses: %(places)s. To be sure they "
                "belong to the clusters you have in mind, ask them."
            ) % {"places": join_items([place_of(did) for did in one.verdict.clusters])}
    if one.why and one.state in ("revoked", "replaced"):
        yield _("Reason: %(why)s") % {"why": one.why}
    if one.state == "elsewhere":
        yield _(
            "Open its page there, or check it on your own computer with the command “proxeny "
            "verify”."
        )


def _who_has_it(one: Finding) -> str:
    said = {"holder": one.holder, "label": one.label, "level": one.level, "project": one.project}
    if one.project and one.level:
        return _("%(holder)s has the label %(label)s, level %(level)s, for “%(project)s”.") % said
    if one.project:
        return _("%(holder)s has the label %(label)s for “%(project)s”.") % said
    if one.level:
        return _("It says: %(holder)s has the label %(label)s, level %(level)s.") % said
    return _("It says: %(holder)s has the label %(label)s.") % said


def _who_signed(one: Finding) -> str:
    signed = join_items(
        [
            _("%(name)s on %(day)s")
            % {"name": one.name(each.cluster or ""), "day": tell_day(each.created_at)}
            for each in one.verdict.signatures
        ]
    )
    count = len(one.verdict.clusters)
    if count == 2:
        return _("Both clusters signed it: %(signed)s.") % {"signed": signed}
    return ngettext(
        "%(count)d cluster signed it: %(signed)s.",
        "All %(count)d clusters signed it: %(signed)s.",
        count,
    ) % {"count": count, "signed": signed}


def _checks(one: Finding) -> Iterable[ToldCheck]:
    # One that says no at once says in its sentence why.
    if one.state == "elsewhere" or len(one.verdict.checks) < 2:
        return
    for check in one.verdict.checks:
        title = _TITLES[check.name]()
        yield ToldCheck(
            check.name,
            check.state,
            title,
            _TONES.get(check.state, "bad"),
            _TEXTS[check.name](one, check),
        )
    if one.state == "never_given":
        yield ToldCheck(
            "known",
            "never_given",
            _("On record here"),
            "bad",
            _("The clusters have no record of this award."),
        )
    elif one.since is not None and one.state in ("revoked", "replaced"):
        yield ToldCheck(
            "known",
            one.state,
            _("On record here"),
            _TONES.get(one.state, "bad"),
            _("It ended on %(day)s.") % {"day": tell_day(one.since)},
        )


_TITLES = {
    "form": lambda: _("What it is"),
    "issuer": lambda: _("Who is behind it"),
    "signatures": lambda: pgettext("of an award", "Signatures"),
    "status": lambda: _("Not revoked"),
    "period": lambda: _("Validity period"),
}


def _form(one: Finding, check: Check) -> str:
    if check.state == "valid":
        return _("An award in the open badge format (Open Badges 3.0).")
    return str(_SENTENCES.get(check.state, _tell_unsupported)(one))


def _issuer(one: Finding, check: Check) -> str:
    if check.state == "valid":
        return _("The label is awarded by %(names)s.") % {"names": join_items(one.clusters)}
    if check.state == "unchecked":
        return _("We couldn’t find out who is behind %(place)s.") % {
            "place": place_of(one.verdict.issuer)
        }
    return _tell_unknown(one)


def _signatures(one: Finding, check: Check) -> str:
    said = [_signature(one, each) for each in one.verdict.signatures]
    if check.reason == "missing":
        said += [_("%(name)s has not signed.") % {"name": name} for name in one.missing]
    return " ".join(dict.fromkeys(said)) or _("No one has signed it.")


def _signature(one: Finding, each: Signature) -> str:
    name = one.name(each.cluster) if each.cluster else place_of(each.method.partition("#")[0])
    said = {"name": name, "day": tell_day(each.created_at)}
    if each.state == "valid":
        return _("%(name)s signed on %(day)s, and nothing has changed since.") % said
    if each.state == "altered":
        return _("A signature does not match the content of the file: something was changed.")
    if each.state == "unchecked":
        return _("A signature could not be checked.")
    return {
        "twice": _("%(name)s signed more than once."),
        "lost": _("%(name)s signed with a key that was reported lost."),
        "retired": _("%(name)s signed with a key that was no longer in use."),
        "made_later": _("The signature of %(name)s is dated in the future."),
        "expired": _("The signature of %(name)s has expired."),
    }.get(each.reason, _("A signature does not come from any known cluster of this label.")) % said


def _status(one: Finding, check: Check) -> str:
    if check.state == "revoked":
        return _("It is on the clusters’ list of revoked awards.")
    if check.state == "valid" and check.reason == "no_status":
        return _("It does not say where a revocation would be published.")
    if check.state == "valid":
        return _(
            "It is not on the clusters’ list of revoked awards, which all of them have signed."
        )
    return _("The clusters’ list of revoked awards could not be read or is out of date.")


def _period(one: Finding, check: Check) -> str:
    begins, ends = tell_day(one.verdict.valid_from), tell_day(one.verdict.valid_until)
    if check.state == "unsupported" or not begins:
        return _("It does not state its validity period.")
    if not ends:
        return _("From %(begins)s onwards.") % {"begins": begins}
    return _("From %(begins)s until %(ends)s.") % {"begins": begins, "ends": ends}


_TEXTS = {
    "form": _form,
    "issuer": _issuer,
    "signatures": _signatures,
    "status": _status,
    "period": _period,
}


def tell_as_data(found: Finding) -> dict[str, Any]:
    """Return the result for a credential for programs, with the sentences for people."""
    told, verdict = tell(found), found.verdict
    signed = {one.cluster: one for one in verdict.signatures if one.state == "valid"}
    return {
        "state": found.state,
        "holds": found.state == "valid",
        "sentence": told.sentence,
        "more": list(told.more),
        "label": found.label,
        "holder": found.holder,
        "level": found.level,
        "project": found.project,
        "page": found.page,
        "issuer": verdict.issuer,
        "clusters": [
            {
                "id": one,
                "name": found.name(one),
                "signed_at": signed[one].created_at if one in signed else None,
            }
            for one in verdict.clusters
        ],
        "valid_from": verdict.valid_from,
        "valid_until": verdict.valid_until,
        "revoked_at": found.since,
        "reason": found.why,
        "replaced_by": found.follower,
        "checks": [
            {"name": one.name, "state": one.state, "sentence": one.text} for one in told.checks
        ],
    }


def to_json(data: Mapping[str, Any]) -> str:
    """Return it as text; moments as ISO 8601 has them."""
    return json.dumps(data, default=datetime.isoformat, ensure_ascii=False, indent=1)
