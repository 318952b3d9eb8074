"""Steps of an event that wait for the agreement of a side."""

from dataclasses import dataclass
from datetime import date

from proxeny.events.models import Event
from proxeny.events.rules import can_organise
from proxeny.events.steps import Step, name_step, parse_subject
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries
from proxeny.partnerships.delegation_queries import may_decide_alone
from proxeny.partnerships.models import Agreement, Delegation, Partnership, Party
from proxeny.partnerships.queries import SignedText

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that one side proposes, and those that have yet to answer."""

    step: Step
    text: SignedText
    waits: tuple[Party, ...]
    may_answer: bool


@dataclass(frozen=True, slots=True)
class Agreeing:
    """Pending proposals on an event, and whether the reader decides alone; empty for others."""

    proposals: tuple[Proposal, ...] = ()
    is_alone: bool = False

    @property
    def needs_answer(self) -> bool:
        """Whether a side of the reader's has yet to answer, which is then the next step."""
        return any(one.may_answer for one in self.proposals)

    def of(self, step: str) -> Proposal | None:
        """Return what waits about a step."""
        return next((one for one in self.proposals if one.step == step), None)


def list_proposals(reader: Reader, event: Event) -> list[Proposal]:
    """Return what waits for the sides of an event. Four queries; none for members."""
    if not can_organise(reader, event):
        return []
    return _proposals(reader, event, queries.get_partnership(event.partnership_id))


def get_agreeing(reader: Reader, event: Event, *, today: date) -> Agreeing:
    """Return what waits for the sides of an event. At most five queries; none for members."""
    if not can_organise(reader, event):
        return Agreeing()
    partnership = queries.get_partnership(event.partnership_id)
    proposals = _proposals(reader, event, partnership)
    parties = queries.parties_of(partnership)
    is_alone = may_decide_alone(reader, parties, Delegation.Matter.EVENTS, today=today)
    return Agreeing(tuple(proposals), is_alone)


def _proposals(reader: Reader, event: Event, partnership: Partnership) -> list[Proposal]:
    return [
        _proposal(reader, one)
        for one in queries.list_asked(partnership)
        if one.agreement.kind == Kind.EVENT and one.agreement.subject.startswith(f"{event.pk}:")
    ]


def _proposal(reader: Reader, text: SignedText) -> Proposal:
    waits = tuple(one.party for one in text.signatures if one.sign_off is None)
    may_answer = any(one.organisation_id in reader.managed for one in waits)
    return Proposal(parse_subject(text.agreement.subject)[1], text, waits, may_answer)


def name_steps(subjects: set[str]) -> dict[str, str]:
    """Return the names of what texts propose, by their subjects. One query."""
    parsed = {one: parse_subject(one) for one in subjects}
    titles = dict(
        Event.objects.filter(pk__in={pk for pk, _step in parsed.values()}).values_list(
            "pk", "title"
        )
    )
    return {one: name_step(step, titles.get(pk, "")) for one, (pk, step) in parsed.items()}
