"""Credentials: awards that several clusters sign together, and that anyone can verify alone."""

from proxeny.engine.credentials.award import CONTEXTS, build_award
from proxeny.engine.credentials.baking import bake_png, bake_svg, read_credential
from proxeny.engine.credentials.did import (
    Key,
    build_cluster_document,
    build_label_document,
    did_to_url,
    url_to_did,
)
from proxeny.engine.credentials.keys import (
    LocalSigner,
    Signer,
    decode_multikey,
    encode_multikey,
    generate,
)
from proxeny.engine.credentials.memory import Memory, Resolve
from proxeny.engine.credentials.model import (
    Achievement,
    Award,
    Evidence,
    Holder,
    Identifier,
    Label,
    Level,
)
from proxeny.engine.credentials.proofs import UnsupportedSuite, add_proof, check_proof
from proxeny.engine.credentials.reading import Unreadable
from proxeny.engine.credentials.status import (
    StatusList,
    build_entry,
    build_status_credential,
    decode_list,
    encode_list,
    make_list,
)
from proxeny.engine.credentials.verdict import Check, Expected, Signature, State, Verdict
from proxeny.engine.credentials.verify import verify

__all__ = [
    "CONTEXTS",
    "Achievement",
    "Award",
    "Check",
    "Evidence",
    "Expected",
    "Holder",
    "Identifier",
    "Key",
    "Label",
    "Level",
    "LocalSigner",
    "Memory",
    "Resolve",
    "Signature",
    "Signer",
    "State",
    "StatusList",
    "Unreadable",
    "UnsupportedSuite",
    "Verdict",
    "add_proof",
    "bake_png",
    "bake_svg",
    "build_award",
    "build_cluster_document",
    "build_entry",
    "build_label_document",
    "build_status_credential",
    "check_proof",
    "decode_list",
    "decode_multikey",
    "did_to_url",
    "encode_list",
    "encode_multikey",
    "generate",
    "make_list",
    "read_credential",
    "url_to_did",
    "verify",
]
