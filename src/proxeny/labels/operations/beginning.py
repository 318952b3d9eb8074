"""A label begun with an example: criteria, indicators, levels, conditions and quotas to write over."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from proxeny.directory.countries import country_name
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.labels.composing import LETTERS, codes, key_of, text_key
from proxeny.labels.models import Condition, Criterion, Indicator, Level, Quota, Scheme, Wording
from proxeny.labels.operations.guards import enter_scheme
from proxeny.labels.scheme_texts import hash_of
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import Entered, note

_GUIDE = gettext_lazy(
    "0: nothing exists. 3: it works, and someone uses it. 5: others learn from it."
)
#: Criteria with weight and threshold in percent; indicators with threshold in points and evidence.
_CRITERIA: tuple[tuple[Any, int, int | None, tuple[tuple[Any, int | None, Any], ...]], ...] = (
    (
        gettext_lazy("What is new"),
        3,
        50,
        (
            (
                gettext_lazy("It solves a problem in a way that did not exist before"),
                2,
                gettext_lazy("What existed before, and what is different"),
            ),
            (
                gettext_lazy("It works: a first version is in use"),
                2,
                gettext_lazy("A test report, or feedback from a first user"),
            ),
            (gettext_lazy("Know-how is protected, or shared on purpose"), None, ""),
        ),
    ),
    (
        gettext_lazy("Who needs it"),
        3,
        50,
        (
            (
                gettext_lazy("There are customers or users, named and counted"),
                2,
                gettext_lazy("Contracts, orders or letters"),
            ),
            (
                gettext_lazy("There is a market for it in both countries"),
                2,
                gettext_lazy("Findings on each market"),
            ),
        ),
    ),
    (
        pgettext_lazy("a criterion of a label", "Who is behind it"),
        2,
        None,
        (
            (
                gettext_lazy("The team has what it takes for the next two years"),
                2,
                gettext_lazy("Who does what, and what they have done before"),
            ),
            (gettext_lazy("Funding for the next step is secured or in sight"), None, ""),
        ),
    ),
    (
        gettext_lazy("What it brings to both shores"),
        2,
        40,
        (
            (
                gettext_lazy("Partners from both countries work on it"),
                2,
                gettext_lazy("A letter from each partner"),
            ),
            (gettext_lazy("It benefits people and nature"), None, ""),
        ),
    ),
)
_LEVELS = (
    (gettext_lazy("Bronze"), 60),
    (gettext_lazy("Silver"), 70),
    (gettext_lazy("Gold"), 80),
)
_CONDITIONS = (
    gettext_lazy("Our registered office is in one of the countries of this label."),
    gettext_lazy("What we submit is true, and we have the right to show it."),
)


@transaction.atomic
def begin_scheme(
    *, actor: Reader, partnership_id: int, scheme_id: int, now: datetime
) -> list[models.Model]:
    """Begin a label with four criteria, three levels, two conditions, and a quota for each country.

    It is worded in the language of the label, and in the others that it is published in.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `guards.enter_scheme`; something is there already.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id)
    if any(
        model._default_manager.filter(scheme_id=scheme_id, dropped_at=None).exists()
        for model in LETTERS
    ):
        raise Conflict(_("There’s already something here. Add what’s missing."))
    told = _Told(entered, now)
    made = [*_make_criteria(told), *_make_levels(told), *_make_quotas(told)]
    made += [
        told.make(Condition, number=number, title=title)
        for number, title in enumerate(_CONDITIONS, 1)
    ]
    Wording.objects.bulk_create(told.wordings, ignore_conflicts=True)
    note(
        actor, "begin_scheme", entered, changes={"title": entered.record.title, "count": len(made)}
    )
    return made


class _Told:
    """Makes parts of a scheme, with their texts in all of its languages."""

    def __init__(self, entered: Entered[Scheme], now: datetime) -> None:
        self.scheme: Scheme = entered.record
        self.parties = entered.parties
        self.now = now
        self.wordings: list[Wording] = []

    def make(self, model: type[models.Model], **values: Any) -> Any:
        """Create a part; lazy texts are stored in each language."""
        texts = {
            name: one for name, one in values.items() if isinstance(one, Promise) or callable(one)
        }
        with override(self.scheme.language):
            own = {name: str(_tell(one)) for name, one in texts.items()}
        row = model._default_manager.create(
            partnership_id=self.scheme.partnership_id,
            scheme=self.scheme,
            created_at=self.now,
            **{**values, **own},
        )
        for language in codes(self.scheme.languages):
            if language != self.scheme.language:
                with override(language):
                    self._translate(row, language, own, texts)
        return row

    def _translate(
        self, row: models.Model, language: str, own: Mapping[str, str], texts: Mapping[str, Any]
    ) -> None:
        for name, one in texts.items():
            text = str(_tell(one))
            # A text may be the same in both languages: France, Innovation.
            if text:
                self.wordings.append(
                    Wording(
                        partnership_id=self.scheme.partnership_id,
                        scheme=self.scheme,
                        key=text_key(row, name),
                        language=language,
                        text=text,
                        of_hash=hash_of(own[name]),
                    )
                )


def _tell(one: Any) -> Any:
    return one() if callable(one) else one


def _make_criteria(told: _Told) -> list[models.Model]:
    made: list[models.Model] = []
    for number, (title, weight, least, indicators) in enumerate(_CRITERIA, 1):
        criterion = told.make(Criterion, number=number, title=title, weight=weight, least=least)
        made.append(criterion)
        made += [
            told.make(
                Indicator,
                criterion=criterion,
                number=place,
                title=text,
                guide=_GUIDE,
                least=points,
                evidence=evidence,
            )
            for place, (text, points, evidence) in enumerate(indicators, 1)
        ]
    return made


def _make_levels(told: _Told) -> list[models.Model]:
    return [
        told.make(Level, number=number, title=title, least=least)
        for number, (title, least) in enumerate(_LEVELS, 1)
    ]


def _make_quotas(told: _Told) -> list[models.Model]:
    """Create a quota for each country of the parties; together they leave a third to the best."""
    joined = [one for one in told.parties if one.state == Party.State.JOINED]
    countries = list(
        dict.fromkeys(one.organisation.country for one in joined if one.organisation.country)
    )
    least = f"1/{len(countries) + 1}"
    return [
        told.make(
            Quota,
            number=number,
            title=lambda code=code: country_name(code),
            countries=code,
            least=least,
        )
        for number, code in enumerate(countries, 1)
    ]


@transaction.atomic
def take_back_example(
    *, actor: Reader, partnership_id: int, scheme_id: int, keys: Collection[str], now: datetime
) -> int:
    """Archive the unchanged parts of a label's example; return how many.

    Changed parts are kept, and so are criteria with an indicator that is kept.

    Parameters
    ----------
    keys : collection of str
        As `composing.key_of` names them.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `guards.enter_scheme`.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id)
    count = 0
    # Indicators go before their criteria, so that those are seen to be empty.
    for model in (Indicator, Criterion, Condition, Level, Quota):
        letter = LETTERS[model]
        numbers = [int(key[1:]) for key in keys if key[:1] == letter and key[1:].isdecimal()]
        found = model._default_manager.filter(
            scheme_id=scheme_id, pk__in=numbers, dropped_at=None, version=1
        )
        if model is Criterion:
            kept = Indicator.objects.filter(scheme_id=scheme_id, dropped_at=None)
            found = found.exclude(pk__in=kept.values("criterion_id"))
        count += found.update(dropped_at=now, version=F("version") + 1)
    if count:
        note(
            actor,
            "take_back_example",
            entered,
            changes={"title": entered.record.title, "count": count},
        )
    return count


def keys_of(made: Collection[models.Model]) -> str:
    """Return the keys of parts in one word, for an address."""
    return ",".join(key_of(one) for one in made)
