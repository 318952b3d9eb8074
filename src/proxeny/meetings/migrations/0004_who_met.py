"""Who met in a room before is named once in the directory's table of acquaintances."""

from django.db import migrations

# The owner migrates, and row-level security is forced on it too: without this it would copy no row.
_TABLES = ("directory_acquaintance", "meetings_meeting", "meetings_meetingparty")
_INTO = """
INSERT INTO directory_acquaintance (source, number, organisation)
SELECT DISTINCT 'room', m.partnership_id, p.organisation_id
FROM meetings_meetingparty p JOIN meetings_meeting m ON m.id = p.meeting_id
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0010_acquaintances'),
        ('meetings', '0003_desk_and_agreements'),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                *(f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY" for name in _TABLES),
                _INTO,
                *(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY" for name in _TABLES[1:]),
            ],
            reverse_sql="DELETE FROM directory_acquaintance WHERE source = 'room'",
        ),
    ]
