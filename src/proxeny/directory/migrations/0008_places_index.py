"""An index that answers what the map asks without reading the entries themselves."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_search")]

    operations = [
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=Q(("merged_into", None)),
                fields=[
                    "country", "latitude", "longitude", "nuts", "city", "visibility", "steward",
                    "id",
                ],
                name="org_places",
            ),
        ),
    ]
