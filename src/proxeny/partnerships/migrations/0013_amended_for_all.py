"""Whether what all parties accept of a recommendation has changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0012_delegations"),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="is_amended",
            field=models.BooleanField(default=False),
        ),
    ]
