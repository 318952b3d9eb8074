"""A small corpus made by hand."""

from proxeny.engine.foresight import Document

__all__ = ["PROJECTS", "template_calls"]

_TEXTS = (
    (2019, "Artificial intelligence for ports"),
    (2019, "Cold storage of olive oil"),
    (2020, "Ports and the internet of things"),
    (2020, "Trade of olive oil, and artificial intelligence"),
    (2021, "Artificial Intelligence in shipping; storage"),
    (2021, "An Internet of Things for farms"),
    (2022, "Farms: artificial intelligence, sensors"),
    (2022, "Sensors and the internet of things"),
)
PROJECTS = tuple(
    Document(key, "project", year, text, owners=(key % 3, 7))
    for key, (year, text) in enumerate(_TEXTS)
)

_SUBJECTS = (
    "hydrogen pumps",
    "tidal turbines",
    "olive presses",
    "harbour cranes",
    "solar roofs",
    "fish farms",
    "marble quarries",
    "weather balloons",
    "ski lifts",
    "tram lines",
)


def template_calls(many: int = 40) -> list[Document]:
    """Return calls that say one sentence each of their own, and two that all say."""
    return [
        Document(
            key,
            "call",
            2024,
            f"Number {key}: we look for {_SUBJECTS[key % 10]} {_letters(key)}. Projects are expected"
            " to contribute to all of the following outcomes. The proposals need a partner.",
        )
        for key in range(many)
    ]


def _letters(key: int) -> str:
    return "q" + "".join(chr(ord("a") + int(digit)) for digit in str(key)) + "x"
