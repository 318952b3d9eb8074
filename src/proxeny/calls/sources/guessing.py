"""Guesses at a call's conditions and its part of the programme, by its identifiers."""

import re

from proxeny.folding import fold

#: Of a programme, the kinds of action by the words of their names, the longest name first.
_KINDS = (
    ("ria", r"research and innovation action|\bria\b"),
    ("ia", r"innovation action|\bia\b"),
    ("csa", r"coordination and support action|\bcsa\b"),
)
#: References of Horizon Europe, by the part of the programme.
_PARTS = (
    ("pillar-2", r"horizon (?:cl\d|hlth|miss|ju|jti|jtu|euspa|neb|cid)\b"),
    ("pillar-1", r"(?:horizon )?(?:erc|msca|infra)\b"),
    ("pillar-3", r"(?:horizon )?(?:eic|eie|eit)\b"),
    ("widening", r"horizon widera\b"),
)


def guess_rule_set(reference: str, programme: str, action: str) -> str:
    """Return the key of the set of conditions that a call most likely has, or empty.

    Examples
    --------
    >>> guess_rule_set("HORIZON-CL4-2026-1", "Horizon Europe", "HORIZON Innovation Actions")
    'horizon-europe-ia'
    """
    name, kind = fold(f"{programme} {reference}"), fold(action)
    if "euratom" in name:
        return ""
    if "horizon europe" in name or name.startswith("horizon ") or " horizon cl" in name:
        family = (
            "horizon-2020" if re.search(r"\bhorizon 2020\b|\bh2020\b", name) else "horizon-europe"
        )
    elif re.search(r"\bh2020\b", name):
        family = "horizon-2020"
    else:
        return _others(name)
    found = next((key for key, words in _KINDS if re.search(words, kind)), "")
    return f"{family}-{found}" if found else ""


def _others(name: str) -> str:
    if "eurostars" in name:
        return "eurostars-3"
    if re.search(r"\blife \d{4} cet\b", name):
        return "life-clean-energy"
    return ""


def guess_part(reference: str, programme: str) -> str:
    """Return the part of Horizon Europe that a call is of, by its reference, or empty.

    Examples
    --------
    >>> guess_part("HORIZON-CL4-2026-1", "Horizon Europe")
    'pillar-2'
    """
    told = fold(reference)
    if "horizon europe" not in fold(programme) and not told.startswith("horizon"):
        return ""
    return next((part for part, words in _PARTS if re.match(words, told)), "")
