from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('branches', '0005_figures'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='communitymembership',
            index=models.Index(fields=['reported_on'], name='memberships_by_time'),
        ),
    ]
