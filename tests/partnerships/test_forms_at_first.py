"""Forms of a room's records ask at first for what is known then, and for the rest later."""

import pytest
from django.urls import reverse

from proxeny.labels.models import Scheme
from proxeny.partnerships.models import Objective, Risk
from tests.forms import form_of

pytestmark = pytest.mark.django_db
LATER = {
    "objective": {"closed_on", "outcome"},
    "action": {"done_on"},
    "risk": {
        "current_likelihood",
        "current_impact",
        "residual_likelihood",
        "residual_impact",
        "closed_on",
        "closed_why",
    },
}


def add(world, kind):
    return reverse("partnerships:record-add", args=[world.partnership.pk, kind])


def edit(record, kind):
    return reverse("partnerships:record", args=[record.partnership_id, kind, record.pk])


@pytest.mark.parametrize("kind", LATER)
def test_what_belongs_to_later_is_not_asked_at_first(world, sign_in, kind):
    shown = sign_in(world.a.manager).get(add(world, kind)).context["form"]
    assert not LATER[kind] & shown.fields.keys()


def test_a_risk_is_graded_once_at_first_and_further_later(world, sign_in):
    client = sign_in(world.a.manager)
    shown = client.get(add(world, "risk"))
    labels = [str(one.label) for one in shown.context["form"].visible_fields()]
    assert [one for one in labels if one in ("Likelihood", "Impact")] == ["Likelihood", "Impact"]
    graded = {"title": "Nobody comes", "inherent_likelihood": "4", "inherent_impact": "3"}
    client.post(add(world, "risk"), form_of(shown, "title") | graded)
    risk = Risk.objects.get()
    grades = [
        (getattr(risk, f"{step}_likelihood"), getattr(risk, f"{step}_impact"))
        for step in ("inherent", "current", "residual")
    ]
    assert grades == [(4, 3)] * 3
    form = form_of(client.get(edit(risk, "risk")), "title")
    assert form.keys() >= LATER["risk"]
    client.post(edit(risk, "risk"), form | {"residual_likelihood": "1"})
    risk.refresh_from_db()
    assert (risk.residual_likelihood, risk.current_likelihood) == (1, 4)


def test_an_objective_is_closed_on_its_own_page(world, sign_in):
    client = sign_in(world.a.manager)
    client.post(add(world, "objective"), {"title": "More ships"})
    one = Objective.objects.get()
    form = form_of(client.get(edit(one, "objective")), "title")
    client.post(edit(one, "objective"), form | {"closed_on": "2026-01-02", "outcome": "Ten"})
    one.refresh_from_db()
    assert (str(one.closed_on), one.outcome) == ("2026-01-02", "Ten")


def test_countries_kinds_and_languages_of_a_label_are_chosen_by_name(world, sign_in):
    client = sign_in(world.a.manager)
    shown = client.get(add(world, "scheme"))
    assert '<option value="GR">Greece</option>' in shown.text
    form = form_of(shown, "slug")
    assert form["languages"] == ["en", "fr", "el", "ar"]
    typed = {
        "title": "Blue label",
        "slug": "blue",
        "countries": ["GR", "FR"],
        "kinds": ["startup"],
        "languages": ["en", "el"],
    }
    client.post(add(world, "scheme"), form | typed)
    one = Scheme.objects.get()
    assert (one.countries, one.kinds, one.languages) == ("GR FR", "startup", "en el")
    form = form_of(client.get(edit(one, "scheme")), "slug")
    assert sorted(form["countries"]) == ["FR", "GR"]
    # What was kept keeps its place; a browser sends the rest in its own order.
    client.post(edit(one, "scheme"), form | {"countries": ["CY", "FR", "GR"]})
    one.refresh_from_db()
    assert (one.countries, one.version) == ("GR FR CY", 2)
    refused = client.post(edit(one, "scheme"), form | {"version": "2", "countries": ["Atlantis"]})
    assert refused.status_code == 422
    assert "Atlantis is not one of the available choices" in refused.text
