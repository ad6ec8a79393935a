"""Works by connected keys: every union record holds its own, a work holds none.

The keys of records that are there are told when the matching is made anew, as it must be under the new rules.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "union_work_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("union_id", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("key", "union_id", name=op.f("pk_union_work_key")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_union_work_key_union_id"), "union_work_key", ["union_id"], unique=False)
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_work_target"), type_="check")
        batch_op.drop_constraint(op.f("uq_work_key"), type_="unique")
        batch_op.drop_column("key")


def downgrade() -> None:
    with op.batch_alter_table("work", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.BigInteger(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_work_key"), ["key"])
    op.drop_index(op.f("ix_union_work_key_union_id"), table_name="union_work_key")
    op.drop_table("union_work_key")
