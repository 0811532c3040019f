"""A division hangs under one that is in the table, checked at commit so that a table may be loaded in any order."""

from django.db import migrations

TIE = """
ALTER TABLE regions_region ADD CONSTRAINT region_parent_exists FOREIGN KEY (parent_code)
    REFERENCES regions_region (code) DEFERRABLE INITIALLY DEFERRED
"""
UNTIE = "ALTER TABLE regions_region DROP CONSTRAINT region_parent_exists"


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [migrations.RunSQL(TIE, UNTIE)]
