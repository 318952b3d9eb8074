"""Content of an award: label, achievement, holder, and results."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit

from proxeny.engine.credentials.did import did_to_url, host_of

__all__ = ["Achievement", "Award", "Evidence", "Holder", "Identifier", "Label", "Level"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Issuing label.

    Parameters
    ----------
    did : str
        Its did:web.
    name : str
    url : str
        Its page.
    image : str, optional
        The address of its picture.
    """

    did: str
    name: str
    url: str
    image: str | None = None

    def __post_init__(self) -> None:
        did_to_url(self.did)
        _check_texts(name=self.name)
        _check_urls(url=self.url, image=self.image)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level that can be reached.

    Parameters
    ----------
    key : str
        As it is called in the address of the achievement: letters, digits and hyphens.
    name : str
    """

    key: str
    name: str

    def __post_init__(self) -> None:
        _check_texts(name=self.name)
        if not self.key.replace("-", "").isalnum() or not self.key.isascii():
            raise ValueError(f"key: {self.key!r} is not of letters, digits and hyphens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Achievement:
    """Achievement that is awarded.

    Parameters
    ----------
    id : str
        Its address, the same in every language.
    name, description, criteria : str
        In `language`. The published schema has one text for each, not one for each language; an
        award in another language is another document.
    criteria_url : str
        The address of the criteria.
    language : str
        Such as `de` or `de-AT`.
    kind : str
        One of the achievement types of Open Badges.
    version : str, optional
        Of the criteria.
    levels : tuple of Level
        From low to high; none if it has none.
    level_name, total_name : str
        The names of level and total, in `language`; needed if there are levels or a total.
    image : str, optional
        An address.
    """

    id: str
    name: str
    description: str
    criteria: str
    criteria_url: str
    language: str
    kind: str = "Certification"
    version: str | None = None
    levels: tuple[Level, ...] = ()
    level_name: str = ""
    total_name: str = ""
    image: str | None = None

    def __post_init__(self) -> None:
        _check_texts(name=self.name, description=self.description, criteria=self.criteria)
        _check_urls(id=self.id, criteria_url=self.criteria_url, image=self.image)
        if self.levels:
            _check_texts(level_name=self.level_name)
        if len({level.key for level in self.levels}) < len(self.levels):
            raise ValueError("levels: two have one key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A number of an organisation in a register.

    Parameters
    ----------
    value : str
    kind : str
        One of the identifier types of Open Badges, or `ext:` and a name, such as `ext:vatin`.
    """

    value: str
    kind: str = "identifier"

    def __post_init__(self) -> None:
        _check_texts(value=self.value, kind=self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Holder of an award: an organisation.

    Parameters
    ----------
    name : str
    url : str, optional
        Its website, and its id unless it has a DID.
    did : str, optional
    identifiers : tuple of Identifier
    """

    name: str
    url: str | None = None
    did: str | None = None
    identifiers: tuple[Identifier, ...] = ()

    def __post_init__(self) -> None:
        _check_texts(name=self.name)
        _check_urls(url=self.url)
        if self.did is not None and not self.did.startswith("did:"):
            raise ValueError(f"did: {self.did!r} is none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Evidence for an award, if it is public.

    Parameters
    ----------
    name : str
    url : str, optional
    narrative : str
    """

    name: str
    url: str | None = None
    narrative: str = ""

    def __post_init__(self) -> None:
        _check_texts(name=self.name)
        _check_urls(url=self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One award of an achievement by a label to a holder.

    Parameters
    ----------
    id : str
        Its address, on the host of the label's DID.
    label : Label
    achievement : Achievement
    holder : Holder
    valid_from, valid_until : datetime
        Aware.
    status_url : str
        The address of the list that says whether it is revoked.
    status_index : int
        Which bit of it.
    level : str, optional
        The key of a level of the achievement.
    percent : Decimal, optional
        The total, from 0 to 100.
    evidence : tuple of Evidence

    Raises
    ------
    ValueError
        On what cannot be; the message names the field.
    """

    id: str
    label: Label
    achievement: Achievement
    holder: Holder
    valid_from: datetime
    valid_until: datetime
    status_url: str
    status_index: int
    level: str | None = None
    percent: Decimal | None = None
    evidence: tuple[Evidence, ...] = ()

    def __post_init__(self) -> None:
        _check_urls(id=self.id, status_url=self.status_url)
        if urlsplit(self.id).netloc != host_of(self.label.did):
            raise ValueError(f"id: {self.id!r} is not on the host of {self.label.did}")
        if self.valid_until <= self.valid_from:
            raise ValueError(f"valid_until: {self.valid_until} is not after {self.valid_from}")
        if self.level not in (None, *(level.key for level in self.achievement.levels)):
            raise ValueError(f"level: {self.level!r} is none of the achievement's")
        if self.percent is not None:
            _check_texts(total_name=self.achievement.total_name)
            if not (self.percent.is_finite() and 0 <= self.percent <= 100):
                raise ValueError(f"percent: {self.percent} is not between 0 and 100")


def _check_texts(**texts: str) -> None:
    for name, text in texts.items():
        if not text.strip():
            raise ValueError(f"{name}: empty")


def _check_urls(**urls: str | None) -> None:
    for name, url in urls.items():
        if url is None:
            continue
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.netloc:
            raise ValueError(f"{name}: {url!r} is no address")
