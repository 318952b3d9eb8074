from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0008_mails_without_secrets'),
    ]

    operations = [
        migrations.AddField(
            model_name='mail',
            name='sender',
            field=models.CharField(blank=True, db_default='', max_length=250),
        ),
        migrations.AddField(
            model_name='mail',
            name='reply_to',
            field=models.EmailField(blank=True, db_default='', max_length=254),
        ),
    ]
