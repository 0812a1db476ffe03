from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0001_activities'),
        ('branches', '0006_by_time'),
        ('homes', '0005_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['status', 'ends_at'], name='activity_to_come'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['ends_at'], name='activity_by_time'),
        ),
        migrations.AddIndex(
            model_name='signup',
            index=models.Index(fields=['created_at'], name='sign_ups_by_time'),
        ),
    ]
