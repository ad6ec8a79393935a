"""When branches are open, how to reach them, and what they offer: told by the network file when it is applied again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = ("telephone", "transport", "transport_en", "offers", "hours")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("branch", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("branch", schema=None) as batch_op:
        for name in _COLUMNS:
            batch_op.drop_column(name)
