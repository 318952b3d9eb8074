"""Run by the installation: `python -m proxeny.engine.matching.warm` compiles ahead of time."""

import numpy as np

from proxeny.engine.matching.index import build_index
from proxeny.engine.matching.match import match_lists
from proxeny.engine.matching.model import Profile
from proxeny.engine.matching.relations import Relations, Tie
from proxeny.engine.matching.settings import Settings

__all__ = ["warm_up"]


def warm_up() -> None:
    """Compile the kernels and cache them on disk, where possible.

    Takes some seconds the first time, and next to nothing after that.
    """
    profiles = [Profile(about={"en": "one two"}), Profile(about={"en": "two"})]
    index = build_index(profiles, embed=lambda texts: np.ones((len(texts), 2), dtype=np.float32))
    match_lists(index, [0], [1])
    match_lists(index, [0], [1], settings=Settings(fusion="ranks"))
    Relations(2, [Tie((0, 1))]).weigh(np.array([0]))


if __name__ == "__main__":
    warm_up()
