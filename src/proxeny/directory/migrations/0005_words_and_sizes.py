"""Offers and needs are found by their own words; an entry's size comes from its staff."""

from itertools import batched

from django.db import migrations

from proxeny.folding import fold

# The owner migrates, and row-level security is forced on it too: without this it would see no row.
_TABLES = ("directory_organisation", "directory_guarded", "directory_listing")
_OPEN = ";".join(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in _TABLES)
_CLOSE = ";".join(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in _TABLES)
_SIZES = """
UPDATE directory_organisation o SET size = CASE
    WHEN d.employees <= 9 THEN 'micro' WHEN d.employees <= 49 THEN 'small'
    WHEN d.employees <= 249 THEN 'medium' ELSE 'large' END
FROM directory_guarded d WHERE d.organisation_id = o.id AND d.employees IS NOT NULL
"""


def fold_words(apps, schema_editor):
    """Write the folded words of all offers and needs."""
    listing = apps.get_model("directory", "Listing")
    rows = listing.objects.only("title", "summary").iterator(chunk_size=2000)
    for some in batched(rows, 2000):
        for one in some:
            one.search_text = fold(f"{one.title} {one.summary}")
        listing.objects.bulk_update(some, ["search_text"])


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_typed_directory'),
    ]

    operations = [
        migrations.RunSQL(_OPEN, _CLOSE),
        migrations.RunSQL(_SIZES, migrations.RunSQL.noop),
        migrations.RunPython(fold_words, migrations.RunPython.noop),
        migrations.RunSQL([_CLOSE, "SET CONSTRAINTS ALL IMMEDIATE"], _OPEN),
    ]
