"""Awards of the demo's label and their later life: a check-up, a revocation, a renewal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from proxeny.demo.guests import Guest
from proxeny.demo.in_room import InRoom
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.models import Award, Round, StatusList
from proxeny.labels.operations import status_lists
from proxeny.labels.operations.awarding import prepare_awards, put_awards
from proxeny.labels.operations.checkups import (
    Answered,
    answer_checkup,
    ask_checkup,
    review_checkup,
)
from proxeny.labels.operations.renewing import begin_renewal
from proxeny.labels.operations.revoking import ask_revocation
from proxeny.labels.secret_codes import make_code
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.signing import sign_text

type Told = Mapping[str, Any]


class Life:
    """The life of a round's awards, at its clusters and holders."""

    def __init__(self, room: InRoom, told: Told) -> None:
        self.room, self.told = room, told

    def live(self, held: int, applied: Sequence[tuple[int, Guest]]) -> None:
        """Award, and go through what follows; awards are found by their applicant's position."""
        self.award(held)
        with acting_as(SERVICE):
            found = Award.objects.filter(application__round=held)
            by_application = {one.application_id: one for one in found}
        given = {
            number: (by_application[pk], guest)
            for number, (pk, guest) in enumerate(applied, 1)
            if pk in by_application
        }
        for one in self.told["checkups"]:
            self.check(*given[one["number"]], one)
        self.revoke(given[self.told["revoked"]["number"]][0], self.told["revoked"])
        renewal = self.told["renewal"]
        award, guest = given[renewal["number"]]
        self.room.deed(
            guest.person_id,
            renewal["begun"],
            begin_renewal,
            award_id=award.pk,
            changed=renewal["changed"],
        )
        self.sign_lists()

    def award(self, held: int) -> None:
        """Put the awards before both sides; each signs with its key."""
        at = self.room.world.moment(self.told["put"], 10)
        with self.room.world.acting(self.room.sides["a"].manager_id, at=at) as actor:
            one = Round.objects.select_related("scheme", "scheme_version").get(pk=held)
            parties = Party.objects.filter(partnership_id=self.room.pk)
            sides = list(parties.select_related("organisation").order_by("side"))
            text = put_awards(
                actor=actor,
                partnership_id=self.room.pk,
                round_id=held,
                seen=prepare_awards(one, sides).fingerprint,
                make_code=make_code,
                tells_total=True,
                now=at,
            )
        self.room.act(
            "b", self.told["signed"], sign_text, agreement_id=text.pk, text_hash=text.text_hash
        )

    def check(self, award: Award, guest: Guest, one: Told) -> None:
        """Ask how a project is doing, answer, and look at the answer."""
        asked = self.room.act(
            "b",
            one["asked"],
            ask_checkup,
            scheme_id=award.scheme_id,
            award_id=award.pk,
            due_on=None,
        )
        self.room.deed(
            guest.person_id,
            one["answered"],
            answer_checkup,
            checkup_id=asked.pk,
            facts=Answered(
                still_holds=True,
                achieved=one["achieved"],
                kind=one["kind"],
                amount=Decimal(one["amount"]),
                is_public=True,
            ),
        )
        self.room.act(
            "b", one["reviewed"], review_checkup, checkup_id=asked.pk, review=one["review"]
        )

    def revoke(self, award: Award, one: Told) -> None:
        """Revoke an award, with the signatures of both."""
        text = self.room.act(
            "a", one["asked"], ask_revocation, award_id=award.pk, reason=one["reason"]
        )
        self.room.act("b", one["signed"], sign_text, agreement_id=text.pk, text_hash=text.text_hash)

    def sign_lists(self) -> None:
        """Sign the revocation lists again, as the site does daily by itself."""
        with acting_as(SERVICE):
            for pk in StatusList.objects.values_list("pk", flat=True):
                status_lists.sign_anew(pk, now=self.room.world.moment(-1, 18))
