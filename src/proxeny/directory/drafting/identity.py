"""Detection of words in an anonymous text that would reveal its author."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from proxeny.directory.drafting.texts import Draft, Flag, Words, quoted, whole
from proxeny.folding import fold

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}")
#: An address with its scheme or `www`, or a bare name under one of the usual endings.
_ENDINGS = "com|net|org|eu|io|ai|fr|gr|be|ma|tn|dz|sn|uk|example"
LINK = re.compile(
    r"(?i:https?://|www\.)\S+"
    # In capitals throughout or not at all: “…the whole.It is…” only lacks a space.
    rf"|(?<![\w@.-])[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})(?:/\S*)?(?![\w-])"
    rf"|(?<![\w@.-])[A-Z0-9-]+(?:\.[A-Z0-9-]+)*\.(?:{_ENDINGS.upper()})(?![\w-])"
)
#: Written as people write their number: with the country before it, or a zero.
_PHONE = re.compile(r"(?<![\w.,])(?:\+|00|\(?0)[\d() ./-]{7,20}\d(?!\w)")

_LEGAL_FORMS = """
    SA SAS SASU SARL EURL SCOP SCI SNC GIE Ltd Limited LLC LLP Inc PLC GmbH AG BV NV SRL SpA AB Oy
    AS ApS KFT SIA Group Groupe Company Co Corp ΑΕ ΕΕ ΟΕ ΕΠΕ ΙΚΕ ΑΜΚΕ Μονοπρόσωπη Α Ε Ο Ι Κ شركة ش م
"""
_LEGAL = frozenset(fold(_LEGAL_FORMS).split())
_SHARED_HOSTS = """
    www com co org net gov edu ac gouv asso example google sites github gitlab linkedin facebook
    instagram twitter youtube wordpress blogspot wixsite wix webflow notion medium
"""
#: They reveal no identity.
_SHARED = frozenset(_SHARED_HOSTS.split())
_GREEK_END = re.compile(r"[αεηιουωσνς]{1,2}$")
#: Particles that Arabic writes together with a word: and, so, by, as, for, the.
_ARABIC_BEFORE = "(?:[وف]?[بكل]?(?:ال)?|[وف]?لل)"


@dataclass(frozen=True, slots=True)
class Identity:
    """Details that would reveal an identity: current and former names, addresses, people."""

    names: tuple[str, ...] = ()
    website: str = ""
    email: str = ""
    people: tuple[str, ...] = ()

    def hosts(self) -> set[str]:
        """Return the domains of the website and of the address, shared ones left out."""
        host = (urlsplit(self.website).hostname or "").removeprefix("www.")
        found = {host, self.email.rpartition("@")[2].lower()} - {""}
        return {one for one in found if _labels(one)}


#: Nobody in particular: addresses and numbers are found all the same.
UNKNOWN = Identity()


def find_identity(draft: Draft, who: Identity) -> Iterator[Flag]:
    """Yield the words in an anonymous text that reveal the identity `who`; each once per part."""
    names = list(_name_patterns(who.names))
    brands = list(_brand_patterns(who))
    people = list(_person_patterns(who.people))
    hosts = who.hosts()
    for part, words in draft.parts.items():
        for found in _first_found(words, names):
            yield _flag(
                part,
                _("“%(what)s” is your name. Remove it so that no one can tell who you are."),
                found,
            )
        if found := _own_host(words.text, hosts):
            yield _flag(part, _("“%(what)s” leads to your website. Remove it."), found)
        for found in _first_found(words, brands):
            yield _flag(
                part,
                _("“%(what)s” is part of your web address: a search for it would find you."),
                found,
            )
        for found in _first_found(words, people):
            yield _flag(part, _("“%(what)s” is the name of one of your people. Remove it."), found)
        yield from _contacts(part, words.text)


def _contacts(part: str, text: str) -> Iterator[Flag]:
    if mail := EMAIL.search(text):
        yield _flag(
            part,
            _("“%(what)s” is an email address. Partners can express interest without it."),
            mail[0],
        )
    if phone := find_phone(text):
        yield _flag(part, _("“%(what)s” looks like a phone number. Remove it."), phone)


def find_phone(text: str) -> str:
    """Return the first telephone number in a text; Arabic digits are read too.

    >>> find_phone("Call +33 1 23 45 67 89 for 12 000 000 euros")
    '+33 1 23 45 67 89'
    """
    plain = "".join(str(unicodedata.decimal(one, one)) for one in text)
    for found in _PHONE.finditer(plain):
        if 9 <= sum(one.isdigit() for one in found[0]) <= 15:
            return text[found.start() : found.end()].strip()
    return ""


def _own_host(text: str, hosts: set[str]) -> str:
    lowered = text.lower()
    for host in sorted(hosts, key=len, reverse=True):
        if found := re.search(rf"(?<![\w.-])(?:www\.)?{re.escape(host)}(?![\w-])", lowered):
            return text[found.start() : found.end()]
    return ""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A search pattern; a single word that may be an ordinary one counts only when capitalised."""

    regex: re.Pattern[str]
    needs_capital: bool

    def first(self, words: Words) -> str:
        for written in words.find(self.regex):
            if not self.needs_capital or _has_capital(written):
                return written
        return ""


def _first_found(words: Words, patterns: Iterable[_Pattern]) -> Iterator[str]:
    for pattern in patterns:
        if found := pattern.first(words):
            yield found
            return


def _has_capital(written: str) -> bool:
    cased = [one for one in written if one.isupper() or one.islower()]
    return not cased or any(one.isupper() for one in cased) or any(one.isdigit() for one in written)


def _name_patterns(names: Iterable[str]) -> Iterator[_Pattern]:
    for name in names:
        words = _without_legal_form(name)
        if sum(map(len, words)) >= 3:
            yield _Pattern(whole(_sequence(words)), needs_capital=len(words) == 1)


def _without_legal_form(name: str) -> list[str]:
    words = fold(name).split()
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    while len(words) > 1 and words[0] in _LEGAL:
        words.pop(0)
    return words


def _brand_patterns(who: Identity) -> Iterator[_Pattern]:
    known = {"".join(_without_legal_form(name)) for name in who.names}
    for label in sorted({label for host in who.hosts() for label in _labels(host)}):
        words = fold(label).split()
        if "".join(words) not in known and sum(map(len, words)) >= 4:
            yield _Pattern(whole(_sequence(words)), needs_capital=len(words) == 1)


def _labels(host: str) -> list[str]:
    # The last one is the country's or the like.
    return [one for one in host.split(".")[:-1] if one not in _SHARED and len(one) >= 4]


def _person_patterns(people: Iterable[str]) -> Iterator[_Pattern]:
    for person in people:
        words = fold(person).split()
        if len(words) < 2:
            continue
        # Whole in either order, or the surname alone where a capital shows that it is one.
        both = f"{_sequence(words)}|{_sequence([*words[1:], words[0]])}"
        yield _Pattern(whole(both), needs_capital=False)
        if len(words[-1]) >= 4 and not _is_arabic(words[-1]):
            yield _Pattern(whole(_word(words[-1])), needs_capital=True)


def _sequence(words: list[str]) -> str:
    """Return a pattern of words in a row; Latin ones also written together or apart."""
    glued = "".join(words)
    if glued.isascii() and len(glued) >= 6:
        return " ?".join(map(re.escape, glued))
    return " ".join(map(_word, words))


def _word(word: str) -> str:
    """Return a pattern of a word with the inflections of its language."""
    if _is_arabic(word):
        return _ARABIC_BEFORE + re.escape(word.removeprefix("ال"))
    if len(word) >= 5 and "GREEK" in unicodedata.name(word[0], ""):
        return re.escape(_GREEK_END.sub("", word)) + r"\w{0,3}"
    return re.escape(word)


def _is_arabic(word: str) -> bool:
    return "ARABIC" in unicodedata.name(word[0], "")


def _flag(part: str, sentence: str, found: str) -> Flag:
    return Flag("identity", part, sentence % {"what": quoted(found)})
