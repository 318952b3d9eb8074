"""Lists and names in the reader's words."""

from django.template import Context, Template

from proxeny.kernel.personal_data import ERASED_NAME


def render(text, **values):
    return Template("{% load words %}" + text).render(Context(values))


def test_items_stand_in_a_row_and_are_escaped():
    assert render("{{ fields|listed }}", fields=["Health", "<b>", 3]) == "Health, &lt;b&gt;, 3"
    assert render("{{ fields|listed }}", fields=[]) == ""


def test_a_name_is_told_as_it_is_also_where_it_was_erased():
    assert render("{{ name|told_name }}", name="Eleni <i>") == "Eleni &lt;i&gt;"
    assert render("{{ name|told_name }}", name=ERASED_NAME) == "Erased person"
    assert render("{{ name|told_name }}", name="") == ""
