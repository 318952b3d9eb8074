"""Fills the demo's first partnership with cases and meetings. Run in `proxeny manage shell`."""

from datetime import timedelta
from random import Random

from django.db import connection
from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Note, Side, TimeOption
from proxeny.directory.models import Membership, Organisation
from proxeny.folding import fold
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.partnerships.models import Partnership

BATCH = 2_000
OPEN_STATES = ("noted",) * 10 + ("asking",) * 10 + ("finding",) * 4 + ("booked",)
DAY = ("possible", "informative", "informative", "no-interest")
LATER = ("agreement", "negotiating", "contact", "knowledge", "no-contact")


def fill(open_cases: int, past: int) -> tuple[int, int]:
    """Write cases and meetings; return the partnership's number and that of one open case."""
    with acting_as(SERVICE):
        one = _Filling(Random(11))
        one.introduce(open_cases)
        one.remember(past)
        number = (
            Introduction.objects.filter(partnership=one.partnership, state="finding").first().pk
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return one.partnership.pk, number


class _Filling:
    def __init__(self, rng: Random) -> None:
        self.rng, self.now = rng, timezone.now()
        self.partnership = Partnership.objects.order_by("pk")[0]
        parties = list(self.partnership.parties.order_by("side"))
        self.cluster, self.other = (one.organisation for one in parties)
        self.members = self._members()
        self.others = self._others()
        seat = self.cluster.seats.filter(role="ambassador").first()
        self.people = [seat.person_id, self.cluster.seats.filter(role="manager").first().person_id]

    def _members(self) -> list[int]:
        found = Membership.objects.filter(cluster=self.cluster)
        return list(found.values_list("organisation_id", flat=True))

    def _others(self) -> list[int]:
        made = Organisation.objects.bulk_create(
            Organisation(
                name=f"Buyer {n}",
                kind="company",
                steward=self.cluster,
                country="FR",
                visibility="private",
                sort_name=fold(f"Buyer {n}"),
                search_text="",
                latitude=48.85 + n / 5000,
                longitude=2.35,
            )
            for n in range(400)
        )
        return [one.pk for one in made]

    def introduce(self, count: int) -> None:
        """Write the open cases, each of another pair."""
        pairs = [(one, two) for one in self.members for two in self.others]
        self.rng.shuffle(pairs)
        states = [self.rng.choice(OPEN_STATES) for _ in range(count)]
        self._cases(pairs[:count], states)

    def remember(self, count: int) -> None:
        """Write cases whose meeting is over, with what was said of it."""
        pairs = [
            (self.rng.choice(self.members), self.rng.choice(self.others)) for _ in range(count)
        ]
        self._cases(pairs, ["met"] * count)

    def _cases(self, pairs: list[tuple[int, int]], states: list[str]) -> None:
        meetings = iter(self._meetings(pairs, states))
        cases = Introduction.objects.bulk_create(
            (self._case(pair, state, meetings) for pair, state in zip(pairs, states, strict=True)),
            batch_size=BATCH,
        )
        sides = [side for case in cases for side in self._sides(case)]
        Side.objects.bulk_create(sides, batch_size=BATCH)
        finding = [case for case in cases if case.state == "finding"]
        TimeOption.objects.bulk_create(
            (self._option(case, n) for case in finding for n in range(3)), batch_size=BATCH
        )
        Note.objects.bulk_create(
            (
                Note(
                    introduction=case,
                    partnership=self.partnership,
                    cluster=self.cluster,
                    text="Likes short mails.",
                )
                for case in cases[::3]
            ),
            batch_size=BATCH,
        )

    def _meetings(self, pairs: list[tuple[int, int]], states: list[str]) -> list[Meeting]:
        wanted = [
            (pair, state)
            for pair, state in zip(pairs, states, strict=True)
            if state in ("booked", "met")
        ]
        made = Meeting.objects.bulk_create(
            (self._meeting(n, pair, state) for n, (pair, state) in enumerate(wanted)),
            batch_size=BATCH,
        )
        parties = MeetingParty.objects.bulk_create(
            (
                MeetingParty(meeting=one, organisation_id=pk, name="Somebody")
                for one in made
                for pk in one.organisations
            ),
            batch_size=5_000,
        )
        held = [one for one in parties if one.meeting.state == "held"]
        Rating.objects.bulk_create(
            (Rating(party=one, phase="day", value=self.rng.choice(DAY)) for one in held),
            batch_size=5_000,
        )
        Rating.objects.bulk_create(
            (self._later(one) for one in held if self.rng.random() < 0.4), batch_size=5_000
        )
        return made

    def _later(self, party: MeetingParty) -> Rating:
        value = self.rng.choice(LATER)
        agreed = "sale" if value == "agreement" else ""
        return Rating(party=party, phase="later", value=value, agreed=agreed)

    def _meeting(self, number: int, pair: tuple[int, int], state: str) -> Meeting:
        days = 1 + number % 30 if state == "booked" else -1 - number % 1400
        starts_at = self.now + timedelta(days=days, minutes=20 * (number % 20))
        return Meeting(
            partnership=self.partnership,
            title="Meeting",
            uid=f"{state}-{number}@bench",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=45),
            time_zone="Europe/Paris",
            state="confirmed" if state == "booked" else "held",
            organisations=sorted(pair),
            desk=self.cluster,
            arranged_by_id=self.people[0],
        )

    def _case(self, pair: tuple[int, int], state: str, meetings: object) -> Introduction:
        meeting = next(meetings) if state in ("booked", "met") else None
        return Introduction(
            partnership=self.partnership,
            cluster=self.cluster,
            member_id=pair[0],
            stakeholder_id=pair[1],
            reason="They make what you look for.",
            state=state,
            in_charge_id=self.rng.choice(self.people),
            next_step="Call them",
            next_on=self.now.date() + timedelta(days=self.rng.randrange(-10, 60)),
            asked_at=None if state == "noted" else self.now,
            meeting=meeting,
            agreed_at=None if state in ("noted", "asking") else self.now,
        )

    def _sides(self, case: Introduction) -> list[Side]:
        answer = "waiting" if case.state in ("noted", "asking") else "yes"
        kept = {
            "introduction": case,
            "partnership": self.partnership,
            "cluster": self.cluster,
            "answer": answer,
            "asked_at": case.asked_at,
        }
        return [
            Side(role="member", organisation_id=case.member_id, name="Maria", **kept),
            Side(
                role="stakeholder",
                organisation_id=case.stakeholder_id,
                name="Claire",
                email=f"claire{case.pk}@buyer.example",
                language="fr",
                **kept,
            ),
        ]

    def _option(self, case: Introduction, number: int) -> TimeOption:
        starts_at = self.now + timedelta(days=5 + number)
        return TimeOption(
            introduction=case,
            partnership=self.partnership,
            cluster=self.cluster,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=45),
            time_zone="Europe/Paris",
            proposed_by="desk",
            desk=True,
        )
