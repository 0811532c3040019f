"""A number stays in its register and stays what it is; only its annulment may be added."""

from django.db import migrations

KEEP = """
CREATE FUNCTION numbering_number_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.id, OLD.uuid, OLD.organisation_id, OLD.kind, OLD.year, OLD.n, OLD.text, OLD.taken_at)
        IS NOT DISTINCT FROM (NEW.id, NEW.uuid, NEW.organisation_id, NEW.kind, NEW.year, NEW.n, NEW.text, NEW.taken_at)
        AND OLD.annulled_at IS NULL
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a number is never changed or deleted: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER numbering_number_kept BEFORE UPDATE OR DELETE ON numbering_number
    FOR EACH ROW EXECUTE FUNCTION numbering_number_kept();
"""

LET_GO = """
DROP TRIGGER numbering_number_kept ON numbering_number;
DROP FUNCTION numbering_number_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("numbering", "0001_initial")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
