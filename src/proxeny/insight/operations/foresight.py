"""To be written."""

from proxeny.insight.eyes import Eyes, Figures, Inputs, Part, Report
from proxeny.insight.models import Snapshot


def _read(eyes: Eyes) -> Inputs:
    return Inputs(None, "")


def _work_out(eyes: Eyes, inputs: Inputs, before: Snapshot | None, report: Report) -> Figures:
    return Figures({})


PART = Part(Snapshot.Kind.FORESIGHT, "0", _read, _work_out)
