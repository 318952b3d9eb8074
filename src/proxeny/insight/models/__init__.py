"""Tables of insight."""

from proxeny.insight.models import record_kinds  # noqa: F401  (names the kinds that a room keeps)
from proxeny.insight.models.digests import DigestChoice
from proxeny.insight.models.snapshots import Snapshot
from proxeny.insight.models.trends import Trend, TrendEvidence, TrendView

__all__ = ["DigestChoice", "Snapshot", "Trend", "TrendEvidence", "TrendView"]
