"""Reports of market assessments are handed over in meetings, to which several come for each side."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0004_who_met'),
    ]

    operations = [
        migrations.AlterField(
            model_name='meeting',
            name='kind',
            field=models.CharField(choices=[('business', 'Business meeting'), ('catch-up', 'Partner catch-up'), ('handover', 'Report handover')], default='business', max_length=8),
        ),
        migrations.AddField(
            model_name='meetingparty',
            name='guest',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RemoveConstraint(
            model_name='meetingparty',
            name='party_of_meeting_once',
        ),
        migrations.AddConstraint(
            model_name='meetingparty',
            constraint=models.UniqueConstraint(fields=('meeting', 'organisation', 'guest'), name='party_of_meeting_once'),
        ),
    ]
