"""What is signed never changes, and no version of any minutes is lost."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION consult_sessions_minutes_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'signed minutes never change' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER minutes_signed_stay BEFORE UPDATE OR DELETE ON consult_sessions_minutes
    FOR EACH ROW WHEN (OLD.state = 'signed') EXECUTE FUNCTION consult_sessions_minutes_stay();

CREATE FUNCTION consult_sessions_revisions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'revisions of minutes are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER revisions_stay BEFORE UPDATE OR DELETE ON consult_sessions_minutesrevision
    FOR EACH ROW EXECUTE FUNCTION consult_sessions_revisions_stay();
"""

THAW = """
DROP TRIGGER revisions_stay ON consult_sessions_minutesrevision;
DROP FUNCTION consult_sessions_revisions_stay();
DROP TRIGGER minutes_signed_stay ON consult_sessions_minutes;
DROP FUNCTION consult_sessions_minutes_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("consult_sessions", "0001_initial")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
