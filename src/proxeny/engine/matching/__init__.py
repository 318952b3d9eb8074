"""Matching of offers and needs: the members one should meet, with reasons.

Examples
--------
>>> from proxeny.engine.matching import Profile, Statement, build_index, match_member
>>> foundry = Profile(
...     offers=(Statement({"en": "Aluminium castings for pumps"}),),
...     needs=(Statement({"en": "Sensors that watch a furnace"}),),
... )
>>> maker = Profile(
...     offers=(Statement({"en": "Temperature sensors for furnaces"}),),
...     needs=(Statement({"en": "A supplier of castings"}),),
... )
>>> baker = Profile(about={"en": "Bread and cakes"})
>>> index = build_index([foundry, maker, baker])
>>> [best] = match_member(index, 0, [1, 2])
>>> best.target, [word.offered for word in best.reasons[0].words]
(1, ['sensors', 'furnaces'])
"""

from proxeny.engine.matching.bm25 import Bm25
from proxeny.engine.matching.diversity import pick_diverse
from proxeny.engine.matching.gaps import Gap, explain_gaps
from proxeny.engine.matching.index import Index, build_index
from proxeny.engine.matching.introductions import (
    Candidate,
    Introductions,
    LeftOut,
    Short,
    choose_introductions,
    pair_candidates,
)
from proxeny.engine.matching.learning import Choice, learn_weights
from proxeny.engine.matching.match import match_lists, match_member
from proxeny.engine.matching.model import Embed, Match, Matches, Profile, Reason, Statement, Word
from proxeny.engine.matching.reasons import explain
from proxeny.engine.matching.relations import Relations, Tie
from proxeny.engine.matching.settings import Settings
from proxeny.engine.matching.taste import Taste, Verdict, learn_taste
from proxeny.engine.matching.words import Vocabulary, find_word

__all__ = [
    "Bm25",
    "Candidate",
    "Choice",
    "Embed",
    "Gap",
    "Index",
    "Introductions",
    "LeftOut",
    "Match",
    "Matches",
    "Profile",
    "Reason",
    "Relations",
    "Settings",
    "Short",
    "Statement",
    "Taste",
    "Tie",
    "Verdict",
    "Vocabulary",
    "Word",
    "build_index",
    "choose_introductions",
    "explain",
    "explain_gaps",
    "find_word",
    "learn_taste",
    "learn_weights",
    "match_lists",
    "match_member",
    "pair_candidates",
    "pick_diverse",
]
