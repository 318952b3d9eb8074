"""A check that was stopped is told as such."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("research", "0002_longer_paths")]

    operations = [
        migrations.AlterField(
            model_name="packagefile",
            name="fit",
            field=models.CharField(
                choices=[
                    ("none", "Not a table"), ("waiting", "Being checked"),
                    ("fits", 'All rows valid'), ("faulty", 'Invalid rows'),
                    ("stopped", 'Check incomplete'),
                ],
                default="none", max_length=7,
            ),
        ),
    ]
