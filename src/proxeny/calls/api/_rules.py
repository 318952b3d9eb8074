"""A condition of one's own, as programs send it; the library of consortia reads it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from proxeny.kernel.api import In
from proxeny.kernel.api.times import Day

Word = Annotated[str, Field(max_length=60)]
Words = Annotated[list[Word], Field(max_length=60)]
Number = Annotated[int, Field(ge=0, le=10**15)]
Percent = Annotated[float, Field(ge=0, le=100)]
Part = Literal["beneficiary", "affiliated_entity", "associated_partner", "subcontractor"]
Standing = Literal[
    "member", "as_member", "associated", "transitional", "international", "fundable", "third"
]


class CallRuleWhoIn(In):
    """Whom a condition means; what is left out asks for nothing."""

    roles: Annotated[list[Part], Field(max_length=4)] = []
    statuses: Annotated[list[Standing], Field(max_length=7)] = []
    programme: Word = ""
    countries: Annotated[list[Annotated[str, Field(pattern="^[A-Z]{2,3}$")]],
                         Field(max_length=260)] = []  # fmt: skip
    kinds: Words = []
    sides: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=60)] = []
    tags: Words = []
    sme: bool | None = None
    coordinator: bool | None = None
    paid: bool | None = None


class CallRuleIn(In):
    """A condition: its kind, what it asks for, and where that is said.

    Which fields a kind has: see the reference of the library of consortia. Sums are in minor units
    for `total`, percents for `share`.
    """

    key: Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
    kind: Literal["independent", "count", "countries", "only", "share", "total", "rate"]
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    source: Annotated[str, Field(max_length=500)] = ""
    url: Annotated[str, Field(max_length=500)] = ""
    seen: Day | None = None
    sure: bool = True
    who: CallRuleWhoIn = CallRuleWhoIn()
    allowed: CallRuleWhoIn = CallRuleWhoIn()
    of_which: CallRuleWhoIn | None = None
    of_which_least: Number = 0
    independent: bool = True
    least: Number = 0
    most: Number | None = None
    of: Literal["cost", "request", "own"] = "cost"
    base: Literal["cost", "request", "own"] | None = None
    each: Literal["", "participant", "country", "group", "side"] = ""
    percent: Percent = 100
    percent_nonprofit: Percent | None = None

    def plain(self) -> dict[str, Any]:
        """Return what was sent, as a call keeps it."""
        return self.model_dump(mode="json", exclude_unset=True)
