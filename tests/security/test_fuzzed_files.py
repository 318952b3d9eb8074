"""Seeded damage to small files of our own: no reader breaks, none takes a second.

`PROXENY_FUZZED_FILES` says how many of each kind; the seed names what failed, to be made again.
Many are read in one process of the kind that reads people's files, within its limits.
"""

import os

import pytest

from proxeny.kernel.sandbox import Limits, read_apart
from tests.security.damaging import FILES, read_damaged

#: Of each kind.
COUNT = int(os.environ.get("PROXENY_FUZZED_FILES", "200"))
_LIMITS = Limits(cpu_s=1200, wall_s=1800, memory=1024**3)


@pytest.mark.parametrize("name", FILES)
def test_no_damaged_file_breaks_its_reader(name):
    kind, data = FILES[name]
    found = read_apart(read_damaged, data, kind, name, 0, COUNT, limits=_LIMITS)
    assert not found, (len(found), found[:5])
