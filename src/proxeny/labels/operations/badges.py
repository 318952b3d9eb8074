"""The badge of an award with its credential in it. Nothing is written."""

from proxeny.engine.credentials import bake_png, bake_svg
from proxeny.labels.badge_picture import Picture, draw_png, draw_svg
from proxeny.labels.models import Award


def bake_badge(award: Award, picture: Picture, form: str) -> bytes:
    """Return the badge of an issued award as `svg` or `png`, its credential in it. No query.

    Takes a second the first time that a label's letters are cut, some milliseconds afterwards.
    """
    if form == "svg":
        return bake_svg(draw_svg(picture), award.credential)
    return bake_png(draw_png(picture), award.credential)
