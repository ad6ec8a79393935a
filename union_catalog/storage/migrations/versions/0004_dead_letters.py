"""Why a message is dead, and which command wrote it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DEAD = "state = 'dead'"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("cause", sa.String(length=40), nullable=True))
    op.add_column("outbox_delivery", sa.Column("reason", sa.Text(), nullable=True))
    op.create_index(
        "ix_outbox_delivery_dead",
        "outbox_delivery",
        ["consumer", "message_id"],
        unique=False,
        sqlite_where=sa.text(DEAD),
        postgresql_where=sa.text(DEAD),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_delivery_dead", table_name="outbox_delivery")
    op.drop_column("outbox_delivery", "reason")
    op.drop_column("outbox", "cause")
