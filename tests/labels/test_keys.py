"""Keys of clusters: made, replaced, lost, and of no use with another secret."""

import base64
import stat
import sys
from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.utils import timezone

from proxeny.accounts.models import DataFile
from proxeny.accounts.operations.privacy.data import collect_data, prepare_data
from proxeny.engine.credentials.keys import check_signature, decode_multikey
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Job
from proxeny.labels.models import Award, IssuerKey
from proxeny.labels.operations.key_stores import KeyUnusable
from proxeny.labels.operations.key_stores.command import CommandStore
from proxeny.labels.operations.key_stores.database import DatabaseStore
from proxeny.labels.operations.keys import (
    can_sign_with,
    make_key,
    open_key,
    report_loss,
    rotate_key,
)
from proxeny.labels.operations.signing_awards import ask_to_sign_anew, count_to_sign_anew, sign_next
from proxeny.labels.operations.status_lists import lists_to_sign, sign_anew
from proxeny.labels.queries.keys import find_keys
from tests.labels.awarding import awarded, decided, put, sign, verify
from tests.partnerships.rooms import do, others, team

pytestmark = pytest.mark.django_db


def make(world, side=None):
    side = side or world.a
    return do(side.manager, make_key, organisation_id=side.cluster.pk)


def lose(world, number=1, **values):
    given = {"why": "The server was broken into.", **values}
    return do(
        world.a.manager, report_loss, organisation_id=world.a.cluster.pk, number=number, **given
    )


def test_a_manager_makes_the_first_key_and_only_one(world):
    key = make(world)
    assert (key.number, key.store, key.public[:4]) == (1, "database", "z6Mk")
    signature = open_key(key).sign(b"data")
    assert check_signature(decode_multikey(key.public), signature, b"data")
    with pytest.raises(Conflict, match="There’s already a key"):
        make(world)
    assert AuditEntry.objects.get(verb="make_issuer_key").organisation_id == world.a.cluster.pk


def test_nobody_else_makes_replaces_or_loses_a_key(world):
    make(world)
    for who, person in {**team(world), **others(world)}.items():
        if who == "manager of A":
            continue
        for deed, more in (
            (make_key, {}),
            (rotate_key, {}),
            (report_loss, {"number": 1, "why": "x"}),
        ):
            with pytest.raises((NotAllowed, NotFound)):
                do(person, deed, organisation_id=world.a.cluster.pk, **more)
    with pytest.raises(NotFound):
        do(world.a.manager, make_key, organisation_id=world.a.members[0].pk)
    assert IssuerKey.objects.count() == 1


def test_what_a_replaced_key_signed_holds(world):
    award = awarded(world)[0]
    do(world.a.manager, rotate_key, organisation_id=world.a.cluster.pk)
    old, new = IssuerKey.objects.filter(organisation=world.a.cluster).order_by("number")
    assert (old.retired_at is not None, new.retired_at, new.number) == (True, None, 2)
    assert verify(award).state == "valid"
    held = decided(world, slug="atlas-2")
    sign(world.b.manager, put(world.a.manager, held))
    late = Award.objects.latest("pk")
    assert late.credential["proof"][0]["verificationMethod"].endswith("-2")
    assert verify(late).state == "valid"


def test_what_a_lost_key_signed_counts_again_once_it_is_signed_anew(world):
    award, other = awarded(world, 2)
    before = award.credential["proof"]
    lose(world)
    found = verify(award)
    assert (found.state, found.missing) == (
        "signature_missing",
        (f"did:web:127.0.0.1%3A8000:issuers:{world.a.cluster.pk}",),
    )
    assert count_to_sign_anew(world.a.cluster.pk) == 2
    with pytest.raises(Conflict, match="doesn’t have a key to sign with yet"):
        do(world.a.manager, ask_to_sign_anew, organisation_id=world.a.cluster.pk)
    make(world)
    assert do(world.a.manager, ask_to_sign_anew, organisation_id=world.a.cluster.pk) == 2
    job = Job.objects.get(kind="labels.sign-anew")
    assert sign_next(now=timezone.now(), **job.arguments) == 2
    assert sign_next(now=timezone.now(), **job.arguments) == 0
    for one in lists_to_sign(timezone.now()):
        assert sign_anew(one, now=timezone.now())
    for one in (award, other):
        one.refresh_from_db()
        assert verify(one).state == "valid"
    # The other cluster's proof is the one that it made.
    assert award.credential["proof"][0] == before[1]
    assert count_to_sign_anew(world.a.cluster.pk) == 0
    with pytest.raises(Conflict, match="Nothing needs to be signed again"):
        do(world.a.manager, ask_to_sign_anew, organisation_id=world.a.cluster.pk)


@pytest.mark.django_db(transaction=True)
def test_signing_anew_is_long_work_that_ends(transactional_db):
    from proxeny.kernel.tenancy import SERVICE, acting_as
    from tests.factories.world import make_world

    with acting_as(SERVICE):
        world = make_world()
        award = awarded(world)[0]
        lose(world)
        make(world)
        do(world.a.manager, ask_to_sign_anew, organisation_id=world.a.cluster.pk)
        waiting = list(Job.objects.filter(kind__startswith="labels.").order_by("pk"))
    for one in waiting:
        jobs.run(one.pk)
    with acting_as(SERVICE):
        assert set(
            Job.objects.filter(kind__startswith="labels.").values_list("state", flat=True)
        ) == {"done"}
        award.refresh_from_db()
    assert verify(award).state == "valid"


def test_a_loss_needs_a_reason_and_a_day_that_can_be(world):
    key = make(world)
    for values, field in (
        ({"why": " "}, "why"),
        ({"lost_at": timezone.now() + timedelta(days=2)}, "lost_at"),
        ({"lost_at": key.created_at - timedelta(days=2)}, "lost_at"),
    ):
        with pytest.raises(InvalidInput) as error:
            lose(world, **values)
        assert error.value.field == field
    with pytest.raises(Conflict, match="We couldn’t find this key"):
        lose(world, number=9)
    lose(world)
    with pytest.raises(Conflict, match="Its loss has already been reported"):
        lose(world)


def test_the_sealed_half_is_not_readable_for_any_reader(world, reading):
    make(world)
    for person in (world.a.manager, world.b.manager, None):
        with pytest.raises(ProgrammingError, match="permission denied"), reading(person):
            list(IssuerKey.objects.all())
        with reading(person):
            assert [one.number for one in find_keys([world.a.cluster.pk])] == [1]


def test_with_another_secret_a_key_is_of_no_use_and_that_is_told(world, settings):
    key = make(world)
    assert can_sign_with(key) is True
    settings.SECRET_KEY = "another"
    assert can_sign_with(key) is False
    with pytest.raises(KeyUnusable, match="PROXENY_SECRET_KEY"):
        open_key(key)


def test_what_is_sealed_is_bound_to_its_public_half():
    store = DatabaseStore("secret")
    one, other = store.make(), store.make()
    assert store.open(one.sealed, one.public).public == one.public
    for sealed, public in (
        (one.sealed, other.public),
        (b"\x02" + one.sealed[1:], one.public),
        (b"", one.public),
        (one.sealed[:-1] + b"\0", one.public),
    ):
        if sealed == one.sealed and public == one.public:
            continue
        with pytest.raises(KeyUnusable):
            store.open(sealed, public)
    with pytest.raises(KeyUnusable):
        DatabaseStore("other").open(one.sealed, one.public)


PROGRAM = """#!{python}
import base64, json, pathlib, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as Private
folder = pathlib.Path({folder!r})
given = json.load(sys.stdin)
if sys.argv[1] == "make":
    key = Private.generate()
    handle = f"slot-{{len(list(folder.glob('slot-*')))}}"
    (folder / handle).write_bytes(key.private_bytes_raw())
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    print(json.dumps({{"handle": handle, "public": public}}))
else:
    key = Private.from_private_bytes((folder / given["handle"]).read_bytes())
    signature = key.sign(base64.b64decode(given["data"]))
    print(json.dumps({{"signature": base64.b64encode(signature).decode()}}))
"""


@pytest.fixture
def program(tmp_path):
    """A program that keeps keys in a folder of its own."""
    path = tmp_path / "keep"
    path.write_text(PROGRAM.format(python=sys.executable, folder=str(tmp_path)))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_keys_behind_a_program_sign_awards_and_never_come_in(world, settings, program):
    settings.KEY_STORE = f"command:{program}"
    award = awarded(world)[0]
    assert verify(award).state == "valid"
    kept = IssuerKey.objects.get(organisation=world.a.cluster)
    assert (kept.store, bytes(kept.sealed)) == ("command", b"slot-0")
    # What is made after the setting has changed lies elsewhere; what was made before needs it.
    settings.KEY_STORE = "database"
    assert can_sign_with(kept) is False


def test_a_program_that_fails_is_told_with_a_sentence(world, settings, program):
    settings.KEY_STORE = "command:/nowhere/at/all"
    with pytest.raises(Conflict, match="Keys can’t be created at the moment"):
        make(world)
    assert not IssuerKey.objects.exists()
    store = CommandStore(str(program))
    one = store.make()
    (program.parent / "slot-0").write_bytes(b"\1" * 32)
    with pytest.raises(KeyUnusable, match="not by this key"):
        store.open(one.sealed, one.public).sign(b"data")
    program.write_text(f"#!{sys.executable}\nprint('[]')\n")
    with pytest.raises(KeyUnusable, match="no object"):
        store.make()


def test_a_download_of_ones_data_holds_no_key(world):
    key = make(world)
    file = do(world.a.manager, prepare_data)
    collect_data(file_id=file.pk, now=timezone.now())
    content = DataFile.objects.get(pk=file.pk).content
    assert "make_issuer_key" in content
    for form in (bytes(IssuerKey.objects.get().sealed), open_key(key).reveal_seed()):
        assert form.hex() not in content
        assert base64.b64encode(form).decode() not in content
