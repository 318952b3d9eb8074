"""Automatic checks of an offer or need, for its reviewer."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from proxeny.directory.drafting.identity import EMAIL, LINK, UNKNOWN, Identity, find_identity
from proxeny.directory.drafting.texts import Draft, Flag, quoted
from proxeny.directory.drafting.wording import (
    BUYING,
    OFFERING,
    PARTNERS,
    PRICES,
    SEEKING,
    SUPERLATIVES,
)
from proxeny.folding import fold
from proxeny.kernel.lists import join_items

#: Fewer words than these tell a partner too little.
_TITLE_WORDS, _TEXT_WORDS, _ROLE_WORDS = 3, 15, 5
#: From so many points on, a text reads like an advert.
_ADVERT = 3
_LONG_PARTS = ("summary", "description")
#: So many words in capitals in a row, two of them longer than most abbreviations are.
_RUN, _LONG_WORD = 3, 5
_WORDS_IN_A_ROW = re.compile(r"[^\W_]+(?:[ -]+[^\W_]+)*")


def check_draft(draft: Draft, who: Identity = UNKNOWN) -> list[Flag]:
    """Return the flags for a text, the most serious first.

    Parameters
    ----------
    who : Identity
        The author's identity; only an anonymous text is searched for it.

    Examples
    --------
    >>> [flag.code for flag in check_draft(Draft("offer", "Sensors"))]
    ['short', 'short', 'role']
    """
    found = list(find_identity(draft, who)) if draft.is_anonymous else []
    for check in (_advert, _direction, _links, _shouting, _repetition, _shortness, _role):
        found += check(draft)
    return found


def _advert(draft: Draft) -> Iterator[Flag]:
    signs: dict[str, tuple[int, str]] = {}
    for part, words in draft.parts.items():
        for points, pattern in ((2, BUYING), (1, SUPERLATIVES)):
            for found in words.find(pattern):
                signs.setdefault(found.lower(), (points, part))
        for price in PRICES.finditer(words.text):
            signs.setdefault(price[0].strip(), (1, part))
    points = sum(sign[0] for sign in signs.values())
    points += min(sum(words.text.count("!") for words in draft.parts.values()), 2)
    points += draft.parts["partner_role"].count < _ROLE_WORDS
    if not signs or points < _ADVERT:
        return
    shown = join_items(_("“%(name)s”") % {"name": quoted(one)} for one in list(signs)[:3])
    yield Flag(
        "advert",
        next(iter(signs.values()))[1],
        _(
            "This reads like an advert: %(what)s. Describe what you do and what a partner would "
            "do with you."
        )
        % {"what": shown},
    )


def _direction(draft: Draft) -> Iterator[Flag]:
    is_offer = draft.direction == "offer"
    own, other = (OFFERING, SEEKING) if is_offer else (SEEKING, OFFERING)
    sentence = (
        _("This is an offer, but it says “%(what)s”. Should it be a need?")
        if is_offer
        else _("This is a need, but it says “%(what)s”. Should it be an offer?")
    )
    if any(True for words in draft.parts.values() for _found in words.find(own)):
        return
    for part in ("title", "summary"):
        words = draft.parts[part]
        for found in words.places(other):
            # Somebody with an offer may well look for partners.
            after = " ".join(words.folded[found.end() :].split()[:6])
            if not is_offer or not PARTNERS.search(after):
                what = words.written(found.start(), found.end())
                yield Flag("direction", part, sentence % {"what": quoted(what)})
                return


def _links(draft: Draft) -> Iterator[Flag]:
    for part, words in draft.parts.items():
        if mail := EMAIL.search(words.text):
            if not draft.is_anonymous:
                yield Flag(
                    "links",
                    part,
                    _(
                        "“%(what)s” is an email address, and bots collect those. Interested "
                        "partners reach you through the button."
                    )
                    % {"what": mail[0]},
                )
        elif link := LINK.search(words.text):
            what = quoted(link[0].rstrip(".,;:)"))
            yield Flag(
                "links",
                part,
                _("“%(what)s” links to another site. Your website is already in your entry.")
                % {"what": what},
            )


def _shouting(draft: Draft) -> Iterator[Flag]:
    for part, words in draft.parts.items():
        if found := _shouted(words.text):
            yield Flag(
                "capitals",
                part,
                _("“%(what)s” is in capitals, which reads as shouting.") % {"what": quoted(found)},
            )


def _shouted(text: str) -> str:
    for row in _WORDS_IN_A_ROW.findall(text):
        run: list[str] = []
        for word in [*row.replace("-", " ").split(), ""]:
            if word.isupper():
                run.append(word)
                continue
            if len(run) >= _RUN and sum(len(one) >= _LONG_WORD for one in run) > 1:
                return " ".join(run)
            run = []
    return ""


def _repetition(draft: Draft) -> Iterator[Flag]:
    title, summary = fold(draft.title), fold(draft.summary)
    if title and summary.startswith(title) and len(summary) - len(title) < 20:
        yield Flag(
            "repeated",
            "summary",
            _("This repeats the line above. Add who it’s for and what makes it special."),
        )


def _shortness(draft: Draft) -> Iterator[Flag]:
    if draft.parts["title"].count < _TITLE_WORDS:
        yield Flag(
            "short", "title", _("A few more words would help a partner decide whether to read on.")
        )
    if sum(draft.parts[part].count for part in _LONG_PARTS) < _TEXT_WORDS:
        yield Flag(
            "short",
            "summary",
            _("This is very short. Explain who it’s for and what makes it special."),
        )


def _role(draft: Draft) -> Iterator[Flag]:
    if draft.parts["partner_role"].count < _ROLE_WORDS:
        yield Flag(
            "role",
            "partner_role",
            _(
                "Describe the partner’s role: testing, selling, building together, paying, "
                "teaching?"
            ),
        )
