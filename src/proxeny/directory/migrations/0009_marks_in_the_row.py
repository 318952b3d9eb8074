"""What lists are narrowed by lies in the row: a search reads it of thousands."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0008_places_index'),
    ]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE directory_organisation ALTER COLUMN search_marks SET STORAGE MAIN",
                "ALTER TABLE directory_organisation SET (toast_tuple_target = 512)",
            ],
            [
                "ALTER TABLE directory_organisation ALTER COLUMN search_marks SET STORAGE EXTENDED",
                "ALTER TABLE directory_organisation SET (toast_tuple_target = 128)",
            ],
        ),
    ]
