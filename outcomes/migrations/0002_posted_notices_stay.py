"""What was posted stays as it was posted: only its end, its objections and its number's fate may be written later."""

from django.db import migrations

# Once a notice carries a number: words, snapshot and dates of the release are fixed, the state only goes on, and
# nothing with a number is deleted. To be taken down changes what is read, never what was released.
REFUSE = """
CREATE FUNCTION public_notice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number = '' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'notice % was posted and is not deleted', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.number, NEW.uuid, NEW.host_id, NEW.region_code, NEW.topic_id, NEW.outcome_id, NEW.session_id, NEW.kind,
        NEW.title, NEW.text, NEW.summary, NEW.places, NEW.days, NEW.phone, NEW.cites_id, NEW.corrects_id)
       IS DISTINCT FROM
       (OLD.number, OLD.uuid, OLD.host_id, OLD.region_code, OLD.topic_id, OLD.outcome_id, OLD.session_id, OLD.kind,
        OLD.title, OLD.text, OLD.summary, OLD.places, OLD.days, OLD.phone, OLD.cites_id, OLD.corrects_id)
       OR (NEW.snapshot, NEW.sha256, NEW.figures, NEW.secrecy, NEW.drafted_by_id, NEW.reviewed_by_id,
           NEW.posted_by_id, NEW.posted_on, NEW.expires_on, NEW.on_paper)
          IS DISTINCT FROM
          (OLD.snapshot, OLD.sha256, OLD.figures, OLD.secrecy, OLD.drafted_by_id, OLD.reviewed_by_id,
           OLD.posted_by_id, OLD.posted_on, OLD.expires_on, OLD.on_paper)
    THEN
        RAISE EXCEPTION 'notice % was posted and stays as it is', OLD.number
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state
       AND NOT (OLD.state = 'posted' AND NEW.state IN ('expired', 'withdrawn'))
       AND NOT (OLD.state = 'expired' AND NEW.state = 'withdrawn')
    THEN
        RAISE EXCEPTION 'notice % cannot become % after %', OLD.number, NEW.state, OLD.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER public_notice_stays BEFORE UPDATE OR DELETE ON outcomes_publicnotice
    FOR EACH ROW EXECUTE FUNCTION public_notice_stays();
"""

ALLOW = """
DROP TRIGGER public_notice_stays ON outcomes_publicnotice;
DROP FUNCTION public_notice_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("outcomes", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
