from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0006_received_mail'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='not_before',
            field=models.DateTimeField(null=True),
        ),
    ]
