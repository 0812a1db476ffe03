from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0006_by_time'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='communitymembership',
            index=models.Index(fields=['member', 'status'], name='membership_of_member'),
        ),
    ]
