from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0002_by_time'),
        ('branches', '0006_by_time'),
        ('homes', '0005_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='activity',
            name='activity_to_come',
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['status', 'ends_at', 'starts_at'], name='activity_from_to'),
        ),
        migrations.AddIndex(
            model_name='activity',
            index=models.Index(fields=['status', 'published_at', 'course'], name='activity_news'),
        ),
    ]
