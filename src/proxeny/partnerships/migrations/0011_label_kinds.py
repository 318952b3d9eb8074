"""What is signed for labels, and in what jurors may have an interest."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0010_page_kind'),
    ]

    operations = [
        migrations.AlterField(
            model_name='agreement',
            name='kind',
            field=models.CharField(choices=[('text', 'Agreement'), ('stage', 'Next stage'), ('risk', 'Acceptance of a risk'), ('exit', 'Exit plan'), ('joining', 'New party joining'), ('service', 'Terms of a service'), ('brief', 'Assessment brief'), ('study', 'Publication of a study'), ('letter', 'Letter of intent'), ('bid', 'Bid for a call'), ('page', 'Public page'), ('scheme', 'Label scheme'), ('award', 'Label awards'), ('revoke', 'Revocation of an award')], default='text', max_length=8),
        ),
        migrations.AlterField(
            model_name='interest',
            name='subject',
            field=models.CharField(choices=[('assessment', 'Market assessment'), ('application', 'Application for a label')], max_length=12),
        ),
    ]
