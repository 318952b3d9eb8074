"""The day from which a cluster asks for a second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_acquaintances"),
    ]

    operations = [
        migrations.AddField(
            model_name="clusterprofile",
            name="second_factor_from",
            field=models.DateField(
                blank=True,
                null=True,
                verbose_name='everyone with a seat signs in with a second factor from',
            ),
        ),
    ]
