from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0006_by_time'),
        ('homes', '0005_search'),
        ('volunteers', '0003_orders_by_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='serviceorder',
            name='orders_overdue',
        ),
        migrations.AddIndex(
            model_name='serviceorder',
            index=models.Index(fields=['status', 'done_by', 'accept_by', 'attempts'], name='orders_to_look_at'),
        ),
    ]
