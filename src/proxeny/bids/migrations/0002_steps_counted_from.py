"""The day from which the steps of a bid were planned back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bids", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="bid",
            name="counted_from",
            field=models.DateField(null=True, verbose_name="steps are counted back from"),
        ),
    ]
