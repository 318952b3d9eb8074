"""Labels and codes of the vocabularies: built-in ones, then loaded ones."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import get_language

from proxeny.directory.models import Term
from proxeny.directory.vocabularies import (
    EUROSCIVOC,
    looks_like_code,
    own_codes,
    own_label,
    read_code,
)
from proxeny.folding import fold


def labels_of(scheme: str, codes: Iterable[str]) -> dict[str, str]:
    """Return the labels of codes in the reader's language, else in English, else in any.

    A code without a label is its own label. One query, and none where the product itself
    carries all of them.
    """
    found = {code: own_label(scheme, code) for code in codes}
    missing = [code for code, label in found.items() if label is None]
    loaded = _loaded(Term.objects.filter(scheme=scheme, code__in=missing)) if missing else {}
    return {code: label or loaded.get(code, code) for code, label in found.items()}


def label_of(scheme: str, code: str) -> str:
    """Return the label of one code in the reader's language; the code where nobody has named it."""
    return labels_of(scheme, [code])[code]


def is_known(scheme: str, code: str) -> bool:
    """Whether a vocabulary has a code, in the product or loaded. One query at most."""
    return (
        own_label(scheme, code) is not None
        or Term.objects.filter(scheme=scheme, code=code).exists()
    )


def search_terms(scheme: str, words: str, *, limit: int = 20) -> list[tuple[str, str]]:
    """Return codes and labels for a typed text: the beginning of a code, or of its words.

    All words must occur, each as the beginning of one in the label. Upper levels come first. One
    query.
    """
    wanted = fold(words).split()
    if not wanted:
        return []
    start = _start_of_code(scheme, words)
    terms = Term.objects.filter(scheme=scheme)
    loaded = _loaded(
        terms.filter(Q(code__startswith=start) if start else _having(wanted)).order_by("code")[:500]
    )
    own = {code: own_label(scheme, code) or code for code in own_codes(scheme)}
    found = [
        (code, label)
        for code, label in {**loaded, **own}.items()
        if (code.startswith(start) if start else _has(label, wanted))
    ]
    return sorted(found, key=lambda pair: (len(pair[0]), pair[0]))[:limit]


def _start_of_code(scheme: str, words: str) -> str:
    if not looks_like_code(scheme, words):
        return ""
    try:
        return read_code(scheme, words)
    except ValueError:
        # The first signs of a code that is still being typed.
        typed = words.strip().upper()
        return f"/{typed.strip('/')}" if scheme == EUROSCIVOC else typed


def _having(words: list[str]) -> Q:
    asked = Q()
    for word in words:
        asked &= Q(search_text__startswith=word) | Q(search_text__contains=f" {word}")
    return asked


def _has(label: str, words: list[str]) -> bool:
    text = f" {fold(label)}"
    return all(f" {word}" in text for word in words)


def _loaded(terms: "Iterable[Term]") -> dict[str, str]:
    """Return one label a code: in the reader's language, else in English, else in any."""
    wanted = (get_language() or "en")[:2]
    rank = {wanted: 0, "en": 1}
    found: dict[str, tuple[int, str]] = {}
    for term in terms:
        this = (rank.get(term.language, 2), term.label)
        if term.code not in found or this < found[term.code]:
            found[term.code] = this
    return {code: label for code, (_rank, label) in found.items()}
