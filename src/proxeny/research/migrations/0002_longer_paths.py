"""Names of files in packages may be as long as those in archives."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("research", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="packagefile",
            name="path",
            field=models.CharField(max_length=240, verbose_name="file name"),
        ),
    ]
