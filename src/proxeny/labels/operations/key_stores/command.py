"""Keys behind a program of the operator's own: an HSM, a KMS, whatever it speaks to.

`PROXENY_KEY_STORE=command:/path/to/program`. It is run without a shell, with one word, `make` or
`sign`, gets one JSON object on its standard input and answers with one:

    make  {}                                  → {"handle": "…", "public": "<base64, 32 bytes>"}
    sign  {"handle": "…", "data": "<base64>"} → {"signature": "<base64, 64 bytes>"}

A private key never passes through Proxeny. Each signature is checked before it is used.
"""

import base64
import json
import os
import subprocess
from typing import Any

from proxeny.engine.credentials import Signer
from proxeny.engine.credentials.keys import check_signature
from proxeny.labels.operations.key_stores import KeyUnusable, NewKey

_WAIT_S = 20
#: What the program gets of the environment: none of our secrets.
_PASSED = ("PATH", "HOME", "LANG", "TZ")


class CommandStore:
    """A program that makes keys and signs with them."""

    def __init__(self, program: str) -> None:
        self._program = program

    def make(self) -> NewKey:
        """Let a key be made."""
        said = _ask(self._program, "make", {})
        public = _decode(said.get("public"))
        handle = said.get("handle")
        if len(public) != 32 or not isinstance(handle, str) or not handle:
            raise KeyUnusable("the program named no key")
        return NewKey(public, handle.encode())

    def open(self, sealed: bytes, public: bytes) -> Signer:
        """Return a signer that asks the program; raise `KeyUnusable` if there is none."""
        if not os.access(self._program, os.X_OK):
            raise KeyUnusable("PROXENY_KEY_STORE names no program that can be run")
        return _Signer(self._program, sealed.decode(), public)


class _Signer:
    """A key that the program signs with."""

    __slots__ = ("_handle", "_program", "_public")

    def __init__(self, program: str, handle: str, public: bytes) -> None:
        self._program, self._handle, self._public = program, handle, public

    @property
    def public(self) -> bytes:
        """Return the public key."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the signature, checked."""
        given = {"handle": self._handle, "data": base64.b64encode(data).decode("ascii")}
        signature = _decode(_ask(self._program, "sign", given).get("signature"))
        if not check_signature(self._public, signature, data):
            raise KeyUnusable("the program's signature is not by this key")
        return signature


def _ask(program: str, word: str, given: dict[str, Any]) -> dict[str, Any]:
    passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
    try:
        # The operator's own program, by its path, without a shell; nothing of it comes from a request.
        done = subprocess.run(  # noqa: S603
            [program, word],
            input=json.dumps(given).encode(),
            capture_output=True,
            timeout=_WAIT_S,
            check=True,
            env=passed,
        )
        said = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise KeyUnusable(f"the program did not answer within {_WAIT_S} s") from None
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        # Not what it wrote: it may tell more than belongs into a log.
        raise KeyUnusable(f"the program failed: {type(error).__name__}") from None
    if not isinstance(said, dict):
        raise KeyUnusable("the program answered with no object")
    return said


def _decode(text: object) -> bytes:
    try:
        return base64.b64decode(text if isinstance(text, str) else "", validate=True)
    except ValueError:
        raise KeyUnusable("the program's answer is not base64") from None
