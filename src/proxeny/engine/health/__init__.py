"""The health of a partnership: opinions side by side, give and take, and a rhythm kept."""

from proxeny.engine.health.agreement import measure_agreement
from proxeny.engine.health.balance import Rhythm, measure_imbalance, measure_rhythm
from proxeny.engine.health.review import Answer, FactorReading, PartyReading, read_answers

__all__ = [
    "Answer",
    "FactorReading",
    "PartyReading",
    "Rhythm",
    "measure_agreement",
    "measure_imbalance",
    "measure_rhythm",
    "read_answers",
]
