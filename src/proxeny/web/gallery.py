"""Examples for the page of components that a template alone cannot make."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from proxeny.kernel.versions import Author, Comparison, Difference


def two_versions(*, now: datetime) -> Comparison:
    """Return a record that two people changed in two fields, and one of them in a third."""
    author = Author(_("The manager in Paris"), now - timedelta(minutes=4))
    summary = Difference.between(
        "summary",
        _("Summary"),
        _("Ten pilots in health imaging by 2028, each with a hospital on both sides."),
        _("Twelve pilots in health imaging by 2029, each with a hospital on both sides."),
        author=author,
    )
    city = Difference.between("city", _("City"), "Paris", "Saint-Denis", author=author)
    return Comparison([summary, city], taken=[_("Website")])


def one_version() -> Comparison:
    """Return a record that two people changed in one field, nobody knows who."""
    place = Difference.between("place", _("Place"), _("Town hall"), "")
    return Comparison([place])
