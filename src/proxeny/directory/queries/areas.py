"""A part of the map, as a condition on organisations."""

from django.db.models import Q

from proxeny.directory.vocabularies import nuts

#: South, west, north and east, in degrees; the north and east edges belong to the next area.
Area = tuple[float, float, float, float]


def read_area(text: str) -> Area:
    """Return the four edges that a text names in degrees, separated by commas.

    Raises
    ------
    ValueError
        It names no part of the map.
    """
    south, west, north, east = (float(part) for part in text.split(","))
    # Not a number is on neither side of a bound.
    if not (-90 <= south <= north <= 180 and -180 <= west <= east <= 360):
        raise ValueError(text)
    return south, west, north, east


def within(area: Area) -> Q:
    """Return the condition for organisations in an area of the map.

    That is what has coordinates there, and of the rest what names a region whose point lies there.
    """
    south, west, north, east = area
    by_point = Q(latitude__gte=south, latitude__lt=north, longitude__gte=west, longitude__lt=east)
    return by_point | Q(latitude=None, nuts__in=regions_within(area))


def regions_within(area: Area) -> list[str]:
    """Return the codes of the regions whose point lies in an area."""
    south, west, north, east = area
    return [
        code
        for code in nuts.regions()
        if (point := nuts.point_of(code)) and south <= point[0] < north and west <= point[1] < east
    ]
