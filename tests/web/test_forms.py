"""Lists to choose from are drawn as Django draws them."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.safestring import SafeString

from proxeny.web.forms import FormRenderer

CHOICES = [
    ("", "None yet"),
    (1, "One & all"),
    ("<b>", "<script>alert(1)</script>"),
    ("\"'", SafeString("<i>as it is</i>")),
    ("Far <away>", [("Asia/Tokyo", "Tōkyō"), ('Asia/"Dili', "Díli")]),
]


class Marked(forms.Select):
    """Gives each choice something of its own."""

    def create_option(self, name, value, *args, **more):
        option = super().create_option(name, value, *args, **more)
        option["attrs"].update({"data-of": f'"{value}', "disabled": value == 1, "hidden": False})
        return option


@pytest.mark.parametrize("value", ["", 1, "<b>", 'Asia/"Dili', "not there", None])
@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(choices=CHOICES),
        Marked(attrs={"class": 'a "b"', "required": True, "size": 4}, choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.NullBooleanSelect(),
    ],
)
def test_a_list_is_drawn_as_django_draws_it(widget, value):
    value = [value] if isinstance(widget, forms.SelectMultiple) else value
    drawn = [
        widget.render('a "name"', value, attrs={"id": "id_a"}, renderer=renderer)
        for renderer in (FormRenderer(), DjangoTemplates())
    ]
    assert parse_html(drawn[0]) == parse_html(drawn[1])
    assert "<script>" not in drawn[0]
