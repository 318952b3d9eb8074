"""A label begun with an example: criteria, indicators, levels, conditions and quotas to write over."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
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
from proxeny.labels.operations.entering import InScheme, enter_scheme, note
from proxeny.labels.wordings import hash_of
from proxeny.partnerships.models import Party

_GUIDE = gettext_lazy(
    "0: nothing is there. 3: it works, and somebody uses it. 5: others learn from it."
)
#: Criteria with weight and threshold in percent; indicators with threshold in points and evidence.
_CRITERIA: tuple[tuple[Any, int, int | None, tuple[tuple[Any, int | None, Any], ...]], ...] = (
    (gettext_lazy("What is new"), 3, 50, (
        (gettext_lazy("It solves something in a way that was not there before"), 2,
         gettext_lazy("What existed before, and what differs")),
        (gettext_lazy("It works: a first version is in use"), 2,
         gettext_lazy("A report of a test, or a word from a first user")),
        (gettext_lazy("What is known is protected, or shared on purpose"), None, ""),
    )),
    (gettext_lazy("Who needs it"), 3, 50, (
        (gettext_lazy("There are customers or users, named and counted"), 2,
         gettext_lazy("Contracts, orders or letters")),
        (gettext_lazy("It finds a market in both countries"), 2,
         gettext_lazy("What was found out about each market")),
    )),
    (pgettext_lazy("a criterion of a label", "Who does it"), 2, None, (
        (gettext_lazy("The team has what the next two years need"), 2,
         gettext_lazy("Who does what, and what they have done before")),
        (gettext_lazy("The money for the next step is there or in sight"), None, ""),
    )),
    (gettext_lazy("What it brings to both shores"), 2, 40, (
        (gettext_lazy("Partners of both countries work in it"), 2,
         gettext_lazy("A letter of each partner")),
        (gettext_lazy("It does good to people and nature"), None, ""),
    )),
)  # fmt: skip
_LEVELS = (
    (gettext_lazy("Bronze"), 60), (gettext_lazy("Silver"), 70), (gettext_lazy("Gold"), 80),
)  # fmt: skip
_CONDITIONS = (
    gettext_lazy("We have our seat in one of the countries of this label."),
    gettext_lazy("What we hand in is true, and ours to show."),
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
        As for `entering.enter_scheme`; something is there already.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id)
    if any(model._default_manager.filter(scheme_id=scheme_id, dropped_at=None).exists()
           for model in LETTERS):  # fmt: skip
        raise Conflict(_("Something is written already. Add what is missing."))
    told = _Told(entered, now)
    made = [*_make_criteria(told), *_make_levels(told), *_make_quotas(told)]
    made += [
        told.make(Condition, number=number, title=title)
        for number, title in enumerate(_CONDITIONS, 1)
    ]
    Wording.objects.bulk_create(told.wordings, ignore_conflicts=True)
    note(
        actor, "begin_scheme", entered.scheme, partnership_id=partnership_id,
        organisation_id=entered.organisation_id,
        changes={"title": entered.scheme.title, "count": len(made)},
    )  # fmt: skip
    return made


class _Told:
    """Makes parts of a scheme, with their texts in all of its languages."""

    def __init__(self, entered: InScheme, now: datetime) -> None:
        self.scheme: Scheme = entered.scheme
        self.parties = entered.parties
        self.now = now
        self.wordings: list[Wording] = []

    def make(self, model: type[models.Model], **values: Any) -> Any:
        """Make a part; lazy texts are told in each language."""
        texts = {
            name: one for name, one in values.items() if isinstance(one, Promise) or callable(one)
        }
        with override(self.scheme.language):
            own = {name: str(_tell(one)) for name, one in texts.items()}
        row = model._default_manager.create(
            partnership_id=self.scheme.partnership_id, scheme=self.scheme, created_at=self.now,
            **{**values, **own},
        )  # fmt: skip
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
            # What nobody has translated yet stays missing, and is told as such.
            if text and text != own[name]:
                self.wordings.append(Wording(
                    partnership_id=self.scheme.partnership_id, scheme=self.scheme,
                    key=text_key(row, name), language=language, text=text,
                    of_hash=hash_of(own[name]),
                ))  # fmt: skip


def _tell(one: Any) -> Any:
    return one() if callable(one) else one


def _make_criteria(told: _Told) -> list[models.Model]:
    made: list[models.Model] = []
    for number, (title, weight, least, indicators) in enumerate(_CRITERIA, 1):
        criterion = told.make(Criterion, number=number, title=title, weight=weight, least=least)
        made.append(criterion)
        made += [
            told.make(
                Indicator, criterion=criterion, number=place, title=text, guide=_GUIDE,
                least=points, evidence=evidence,
            )
            for place, (text, points, evidence) in enumerate(indicators, 1)
        ]  # fmt: skip
    return made


def _make_levels(told: _Told) -> list[models.Model]:
    return [
        told.make(Level, number=number, title=title, least=least)
        for number, (title, least) in enumerate(_LEVELS, 1)
    ]


def _make_quotas(told: _Told) -> list[models.Model]:
    """A quota for each country of the parties; together they leave a third to whoever is best."""
    joined = [one for one in told.parties if one.state == Party.State.JOINED]
    countries = list(dict.fromkeys(
        one.organisation.country for one in joined if one.organisation.country
    ))  # fmt: skip
    least = Decimal(100 // (len(countries) + 1)) if countries else Decimal(0)
    return [
        told.make(
            Quota, number=number, title=lambda code=code: country_name(code), countries=code,
            least=least,
        )
        for number, code in enumerate(countries, 1)
    ]  # fmt: skip


@transaction.atomic
def take_back_example(
    *, actor: Reader, partnership_id: int, scheme_id: int, keys: Collection[str], now: datetime
) -> int:
    """Put parts away that a label was just begun with; returns how many went.

    Those that somebody has changed since stay, and criteria with an indicator that stays.

    Parameters
    ----------
    keys : collection of str
        As `composing.key_of` names them.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `entering.enter_scheme`.
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
            actor, "take_back_example", entered.scheme, partnership_id=partnership_id,
            organisation_id=entered.organisation_id,
            changes={"title": entered.scheme.title, "count": count},
        )  # fmt: skip
    return count


def keys_of(made: Collection[models.Model]) -> str:
    """Return the keys of parts in one word, for an address."""
    return ",".join(key_of(one) for one in made)
