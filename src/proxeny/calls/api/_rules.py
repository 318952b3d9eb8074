"""A cluster's own condition, as programs send it; the library of consortia reads it."""

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
    """Who a condition applies to. Anything you leave out doesn't restrict it."""

    roles: Annotated[list[Part], Field(max_length=4)] = []
    statuses: Annotated[list[Standing], Field(max_length=7)] = []
    programme: Word = ""
    countries: Annotated[
        list[Annotated[str, Field(pattern="^[A-Z]{2,3}$")]], Field(max_length=260)
    ] = []
    kinds: Words = []
    sides: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=60)] = []
    tags: Words = []
    sme: bool | None = None
    coordinator: bool | None = None
    paid: bool | None = None


class CallRuleIn(In):
    """A condition: its kind, what it asks for, and its source.

    For the fields of each kind, see the reference of the consortium library. Amounts are in minor
    units for `total`, and percentages for `share`. Without a text, readers see a sentence made of
    the other fields, in their language.
    """

    key: Annotated[str, Field(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
    kind: Literal["independent", "count", "countries", "only", "share", "total", "rate"]
    text: Annotated[str, Field(max_length=1000)] = ""
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
