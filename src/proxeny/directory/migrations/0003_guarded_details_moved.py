"""What an entry says of people and of its size moves to its own table.

Apart from the table's making: PostgreSQL checks a new foreign key with the owner's eyes, and on a
table that holds rows already it would see nothing of what they point to.
"""

from django.db import migrations

# The owner migrates, and row-level security is forced on it too: without this it would copy no row.
_OPEN = (
    "ALTER TABLE directory_organisation NO FORCE ROW LEVEL SECURITY;"
    "ALTER TABLE directory_guarded NO FORCE ROW LEVEL SECURITY"
)
_CLOSE = (
    "ALTER TABLE directory_organisation FORCE ROW LEVEL SECURITY;"
    "ALTER TABLE directory_guarded FORCE ROW LEVEL SECURITY"
)
_INTO = """
INSERT INTO directory_guarded (organisation_id, contact, email, employees, founded)
SELECT id, contact, email, employees, founded FROM directory_organisation
"""
_BACK = """
UPDATE directory_organisation o
SET contact = d.contact, email = d.email, employees = d.employees, founded = d.founded
FROM directory_guarded d WHERE d.organisation_id = o.id
"""
_CHECK = "SET CONSTRAINTS ALL IMMEDIATE"


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_guarded_details'),
    ]

    operations = [
        migrations.RunSQL(
            sql=[_OPEN, _INTO, _CHECK, _CLOSE],
            reverse_sql=[_OPEN, _BACK, "DELETE FROM directory_guarded", _CLOSE],
        ),
        migrations.RemoveField(model_name='organisation', name='contact'),
        migrations.RemoveField(model_name='organisation', name='email'),
        migrations.RemoveField(model_name='organisation', name='employees'),
        migrations.RemoveField(model_name='organisation', name='founded'),
    ]
