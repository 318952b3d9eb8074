"""`proxeny import`: the same path as in the browser, with a manager's rights."""

import pytest

from proxeny.directory.command import import_from_command_line
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry


def run(world, path, **changes):
    values = {"cluster_name": "GREEK cluster", "manager_email": world.a.manager.email.upper()}
    return import_from_command_line(path=path, **(values | changes))


def test_import_by_command(world, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("Name,Country\nNew one,GR\n")
    assert run(world, path) == (
        "1 rows read: 1 entries added, 0 changed, 0 unchanged, 0 rows left out."
    )
    assert Organisation.objects.get(name="New one").steward == world.a.cluster
    assert AuditEntry.objects.get(verb="apply_import").person_id == world.a.manager.pk


def test_import_by_command_is_refused(world, tmp_path):
    path = tmp_path / "members.csv"
    path.write_text("Name,Country\nNew one,Atlantis\n")
    with pytest.raises(NotAllowed, match="not the address of a manager"):
        run(world, path, manager_email=world.b.manager.email)
    with pytest.raises(NotFound, match="no single cluster called"):
        run(world, path, cluster_name="Nowhere")
    with pytest.raises(InvalidInput, match="Row 2, Country: “Atlantis” is not a country"):
        run(world, path)
    assert not Organisation.objects.filter(name="New one").exists()
