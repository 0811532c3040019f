"""What was set stays as it was set: the table refuses change and deletion."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION options_value_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'options_optionvalue is append-only';
END $$;
CREATE TRIGGER values_are_kept BEFORE UPDATE OR DELETE ON options_optionvalue
    FOR EACH ROW EXECUTE FUNCTION options_value_is_kept();
"""
BACKWARD = """
DROP TRIGGER values_are_kept ON options_optionvalue;
DROP FUNCTION options_value_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("options", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
