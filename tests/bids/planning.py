"""Shorthands of the tests of work plans and budgets."""

from decimal import Decimal
from typing import Any

from proxeny.bids.models import Partner, WorkPackage
from proxeny.bids.operations.planning import begin_plan, set_needs, take_back_plan
from proxeny.bids.operations.spending import Figures, write_budget
from proxeny.partnerships.models import Agreement
from tests.factories.bids import WorkPackageFactory
from tests.factories.partnerships import AgreementFactory
from tests.partnerships.rooms import do


def packages_of(bid: Any, *spans: tuple[int, int], **values: Any) -> list[WorkPackage]:
    """Make work packages 1, 2, … from the first month to the last of each span."""
    return [
        WorkPackageFactory(
            bid=bid,
            number=number,
            title=f"Work {number}",
            first_month=first,
            last_month=last,
            **values,
        )
        for number, (first, last) in enumerate(spans, 1)
    ]


def need(person: Any, package: WorkPackage, *needs: WorkPackage, **given: Any) -> WorkPackage:
    """Say what a work package waits for, having seen it as it is."""
    given.setdefault("version", WorkPackage.objects.get(pk=package.pk).version)
    return do(
        person,
        set_needs,
        partnership_id=package.partnership_id,
        bid_id=package.bid_id,
        package_id=package.pk,
        needs=[one.pk for one in needs],
        **given,
    )


def begin_usual(person: Any, bid: Any) -> list[WorkPackage]:
    """Begin a plan as the button does."""
    return do(person, begin_plan, partnership_id=bid.partnership_id, bid_id=bid.pk)


def take_back(person: Any, bid: Any, packages: list[WorkPackage]) -> int:
    """Take it back as the message offers."""
    return do(
        person,
        take_back_plan,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        packages=[one.pk for one in packages],
    )


def spend(
    person: Any, partner: Partner, cells: dict[tuple[WorkPackage, str], Any], **given: Any
) -> Partner:
    """Write a partner's whole budget, having seen it as it is; numbers as text are exact."""
    now = Partner.objects.get(pk=partner.pk)
    version = given.pop("version", now.version)
    facts = {"rate": now.rate, "percent": now.percent, "request": now.request} | given
    figures = Figures(
        cells={(one.pk, category): Decimal(value) for (one, category), value in cells.items()},
        **facts,
    )
    return do(
        person,
        write_budget,
        partnership_id=partner.partnership_id,
        bid_id=partner.bid_id,
        partner_id=partner.pk,
        version=version,
        figures=figures,
    )


def signed(bid: Any) -> Agreement:
    """Let all have signed the bid."""
    return AgreementFactory(
        partnership=bid.partnership, kind="bid", subject=str(bid.pk), completed_at=bid.created_at
    )


def holds(agreement: Agreement) -> bool:
    """Whether what was signed still holds."""
    return Agreement.objects.get(pk=agreement.pk).closed_at is None
