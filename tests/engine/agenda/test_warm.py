"""Compiling ahead of time, and compiling where nothing can be kept on disk."""

import os
import subprocess
import sys
from pathlib import Path

from numba.core import caching

from proxeny.engine.agenda._jit import compiled


def test_warm_up_fills_the_cache_and_the_next_run_finds_it(tmp_path):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "proxeny.engine.agenda.warm"]
    kept = []
    for _ in range(2):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True, timeout=300
        )
        assert (done.stdout, done.stderr) == ("", "")
        kept.append({path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")})
    assert any(path.name.startswith("_kernel.anneal") for path in kept[0])
    assert kept[0] == kept[1]


def test_kernels_compile_where_no_folder_can_be_written(monkeypatch):
    def refuse(self):
        raise OSError("read-only file system")

    monkeypatch.setattr(caching._CacheLocator, "ensure_cache_path", refuse)

    @compiled
    def twice(number):
        return 2 * number

    assert twice(21) == 42


def test_a_cache_folder_that_cannot_be_made_does_not_stop_the_engine(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    environment = os.environ | {"NUMBA_CACHE_DIR": str(Path(blocked) / "cache")}
    code = "import proxeny.engine.agenda._kernel as kernel; print(callable(kernel.anneal))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "True"), done.stderr
