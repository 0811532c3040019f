"""Mail that lies there already is told apart by whose it is: the account, its CPPCC, what it was about."""

from django.db import migrations

FILL = """
UPDATE delivery_outgoingmail
   SET account_id = item.account_id, host_id = account.home_id, key = item.key
  FROM delivery_inboxitem AS item, members_account AS account
 WHERE item.id = delivery_outgoingmail.item_id AND account.id = item.account_id
   AND delivery_outgoingmail.account_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("delivery", "0002_channels"), ("members", "0001_initial")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
