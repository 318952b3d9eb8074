"""Parent side of the race: SAT solvers in child processes, the first answer counts."""

import contextlib
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from proxeny.engine.agenda._racer import Answer, Job, Question

__all__ = ["Race", "open_race"]


class _Runner:
    """One child process and the thread that reads its answers."""

    def __init__(self, number: int, answers: "queue.Queue[tuple[int, int, Answer | None]]") -> None:
        self.number = number
        self.answers = answers
        self.generation = 0
        self.asked: Question | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start a child that waits for its job."""
        self.stop()
        self.generation += 1
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "proxeny.engine.agenda._racer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        threading.Thread(
            target=self._listen, args=(self.process, self.generation), daemon=True
        ).start()

    def _listen(self, process: "subprocess.Popen[bytes]", generation: int) -> None:
        try:
            while True:
                answer = pickle.load(process.stdout)  # type: ignore[arg-type]  # noqa: S301
                self.answers.put((self.number, generation, answer))
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.answers.put((self.number, generation, None))

    def send(self, thing: Any) -> None:
        """Give the child its job or a question; a dead child shows in `_listen`."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError, OSError):
                pickle.dump(thing, self.process.stdin)
                self.process.stdin.flush()

    def stop(self) -> None:
        """End the child and wait for it, so that none is left behind."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()
        self.process = None
        self.asked = None


class Race:
    """Several solvers on the same formula.

    Attributes
    ----------
    size : int
        Number of runners.
    """

    def __init__(self, size: int) -> None:
        """Start the children, which load their libraries while the parent does other things."""
        self.size = size
        self._answers: queue.Queue[tuple[int, int, Answer | None]] = queue.Queue()
        self._runners = [_Runner(number, self._answers) for number in range(size)]
        self._jobs: list[Job] = []
        for runner in self._runners:
            runner.start()

    def brief(self, jobs: Sequence[Job]) -> None:
        """Hand each runner its job."""
        self._jobs = list(jobs)
        for runner, job in zip(self._runners, jobs, strict=True):
            runner.send(job)

    def asked(self, number: int) -> Question | None:
        """Return the question a runner is working on."""
        return self._runners[number].asked

    def ask(self, number: int, question: Question, phases: tuple[int, ...] = ()) -> None:
        """Ask one runner; if it is busy with another question it starts again.

        A runner that starts again leans on `phases`, a schedule, if one is given.
        """
        runner = self._runners[number]
        if runner.asked == question:
            return
        if runner.asked is not None:
            runner.start()
            runner.send(replace(self._jobs[number], phases=phases))
        runner.asked = question
        runner.send(question)

    def wait(self, seconds: float) -> tuple[int, Answer] | None:
        """Return the next answer and the number of its runner, or None if there is none in time.

        A child that died (out of memory, killed) gets no more questions.
        """
        try:
            number, generation, answer = self._answers.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
        runner = self._runners[number]
        if generation != runner.generation or answer is None:
            return None
        runner.asked = None
        return number, answer

    @property
    def alive(self) -> bool:
        """Whether any child still runs."""
        return any(
            runner.process is not None and runner.process.poll() is None for runner in self._runners
        )

    def close(self) -> None:
        """End all children."""
        for runner in self._runners:
            runner.stop()


@contextmanager
def open_race(size: int) -> Iterator[Race]:
    """Open a race whose children are gone afterwards, whatever happens."""
    race = Race(size)
    try:
        yield race
    finally:
        race.close()
