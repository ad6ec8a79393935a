"""The first schema: network, loads, source records, matching, union records, items, events, outbox, leases, jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


SEQUENCES = ("revision_seq", "source_record_seq", "event_seq", "outbox_seq")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in SEQUENCES:
            op.execute(sa.schema.CreateSequence(sa.Sequence(name, data_type=sa.BigInteger)))
    op.create_table('counter',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counter'))
    )
    op.create_table('event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('library', sa.String(length=40), nullable=True),
    sa.Column('actor', sa.String(length=80), nullable=False),
    sa.Column('command_id', sa.String(length=40), nullable=False),
    sa.Column('occurred_at', sa.String(length=27), nullable=False),
    sa.Column('recorded_at', sa.String(length=27), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_subject', ['subject', 'id'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('progress', sa.Float(), nullable=False),
    sa.Column('result', sa.JSON(), nullable=True),
    sa.Column('error', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.Column('started_at', sa.String(length=27), nullable=True),
    sa.Column('finished_at', sa.String(length=27), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f('ck_job_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_name', ['name', 'created_at'], unique=False)

    op.create_table('lease',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('holder', sa.String(length=120), nullable=False),
    sa.Column('until', sa.String(length=27), nullable=False),
    sa.Column('token', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_lease'))
    )
    op.create_table('match_edge',
    sa.Column('a', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('b', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('strength', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('a', 'b', name=op.f('pk_match_edge')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('match_edge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_match_edge_b'), ['b'], unique=False)

    op.create_table('match_key',
    sa.Column('key', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('key', 'source_id', name=op.f('pk_match_key')),
    sqlite_with_rowid=False
    )
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('topic', sa.String(length=40), nullable=False),
    sa.Column('aggregate', sa.Text(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox'))
    )
    op.create_table('region',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_region'))
    )
    op.create_table('union_record',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('born', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('target', sa.String(length=24), nullable=True),
    sa.Column('work_id', sa.String(length=24), nullable=True),
    sa.Column('updated_at', sa.String(length=27), nullable=False),
    sa.CheckConstraint("(state = 'redirected') = (target IS NOT NULL)", name=op.f('ck_union_record_target')),
    sa.CheckConstraint("state IN ('live', 'redirected', 'gone')", name=op.f('ck_union_record_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_union_record'))
    )
    with op.batch_alter_table('union_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_union_record_work_id'), ['work_id'], unique=False)

    op.create_table('work',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('key', sa.BigInteger(), nullable=True),
    sa.Column('born', sa.BigInteger(), nullable=False),
    sa.Column('target', sa.String(length=24), nullable=True),
    sa.CheckConstraint('(key IS NULL) = (target IS NOT NULL)', name=op.f('ck_work_target')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work')),
    sa.UniqueConstraint('key', name=op.f('uq_work_key'))
    )
    op.create_table('library',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), server_default='', nullable=False),
    sa.Column('region', sa.String(length=40), nullable=True),
    sa.Column('circulation', sa.String(length=10), server_default='native', nullable=False),
    sa.Column('rank', sa.Integer(), server_default='100', nullable=False),
    sa.CheckConstraint("circulation IN ('native', 'remote')", name=op.f('ck_library_circulation')),
    sa.ForeignKeyConstraint(['region'], ['region.code'], name=op.f('fk_library_region')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_library'))
    )
    op.create_table('outbox_delivery',
    sa.Column('message_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('consumer', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('lease_holder', sa.String(length=120), nullable=True),
    sa.Column('lease_until', sa.String(length=27), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.String(length=27), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'leased', 'done', 'dead')", name=op.f('ck_outbox_delivery_state')),
    sa.ForeignKeyConstraint(['message_id'], ['outbox.id'], name=op.f('fk_outbox_delivery_message_id')),
    sa.PrimaryKeyConstraint('message_id', 'consumer', name=op.f('pk_outbox_delivery')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('outbox_delivery', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_delivery_open', ['consumer', 'message_id'], unique=False, sqlite_where=sa.text("state IN ('pending', 'leased')"), postgresql_where=sa.text("state IN ('pending', 'leased')"))

    op.create_table('union_content',
    sa.Column('union_id', sa.String(length=24), nullable=False),
    sa.Column('merged_z', sa.LargeBinary(), nullable=False),
    sa.Column('analysed_z', sa.LargeBinary(), nullable=False),
    sa.Column('analysis_version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['union_id'], ['union_record.id'], name=op.f('fk_union_content_union_id')),
    sa.PrimaryKeyConstraint('union_id', name=op.f('pk_union_content'))
    )
    op.create_table('branch',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), server_default='', nullable=False),
    sa.Column('kind', sa.String(length=24), server_default='other', nullable=False),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('lng', sa.Float(), nullable=True),
    sa.Column('address', sa.Text(), server_default='', nullable=False),
    sa.Column('offers_pickup', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.Column('provisional', sa.Boolean(), server_default=sa.text('(false)'), nullable=False),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_branch_library')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_branch'))
    )
    with op.batch_alter_table('branch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_branch_library'), ['library'], unique=False)

    op.create_table('feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_feed_library')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed')),
    sa.UniqueConstraint('library', 'name', name=op.f('uq_feed_library_name'))
    )
    op.create_table('quarantine',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('load_id', sa.String(length=24), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('encoding', sa.String(length=20), nullable=False),
    sa.Column('bytes_sha256', sa.String(length=64), nullable=False),
    sa.Column('raw_z', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.String(length=27), nullable=False),
    sa.Column('resolved_at', sa.String(length=27), nullable=True),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_quarantine_library')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine')),
    sa.UniqueConstraint('library', 'position', 'code', 'bytes_sha256', name=op.f('uq_quarantine_library_position_code_bytes_sha256'))
    )
    op.create_table('branch_local_code',
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('local_code', sa.String(length=80), nullable=False),
    sa.Column('branch', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['branch'], ['branch.code'], name=op.f('fk_branch_local_code_branch')),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_branch_local_code_library')),
    sa.PrimaryKeyConstraint('library', 'local_code', name=op.f('pk_branch_local_code'))
    )
    op.create_table('load',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('encoding', sa.String(length=20), nullable=False),
    sa.Column('is_full', sa.Boolean(), nullable=False),
    sa.Column('records_before', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('stored', sa.BigInteger(), nullable=False),
    sa.Column('unchanged', sa.BigInteger(), nullable=False),
    sa.Column('deleted', sa.BigInteger(), nullable=False),
    sa.Column('quarantined', sa.BigInteger(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('started_at', sa.String(length=27), nullable=False),
    sa.Column('finished_at', sa.String(length=27), nullable=True),
    sa.CheckConstraint("state IN ('running', 'done', 'guarded', 'failed')", name=op.f('ck_load_state')),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_load_feed_id')),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_load_library')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_load'))
    )
    with op.batch_alter_table('load', schema=None) as batch_op:
        batch_op.create_index('ix_load_library_file', ['library', 'file_sha256'], unique=False)

    op.create_table('source_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.Text(), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('received_at', sa.String(length=27), nullable=False),
    sa.Column('deleted_at', sa.String(length=27), nullable=True),
    sa.Column('seen_load', sa.String(length=24), nullable=False),
    sa.Column('union_id', sa.String(length=24), nullable=True),
    sa.ForeignKeyConstraint(['feed_id'], ['feed.id'], name=op.f('fk_source_record_feed_id')),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_source_record_library')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_record')),
    sa.UniqueConstraint('library', 'record_id', name=op.f('uq_source_record_library_record_id'))
    )
    with op.batch_alter_table('source_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_source_record_union_id'), ['union_id'], unique=False)

    op.create_table('item',
    sa.Column('id', sa.String(length=24), nullable=False),
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('branch', sa.String(length=40), nullable=True),
    sa.Column('barcode', sa.String(length=80), nullable=True),
    sa.Column('call_number', sa.Text(), nullable=False),
    sa.Column('item_type', sa.String(length=40), nullable=False),
    sa.Column('lending', sa.String(length=12), nullable=False),
    sa.Column('reported_status', sa.String(length=16), nullable=False),
    sa.Column('status_word', sa.Text(), nullable=False),
    sa.Column('reported_at', sa.String(length=27), nullable=False),
    sa.Column('price', sa.Text(), nullable=False),
    sa.Column('volume', sa.Text(), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('withdrawn_at', sa.String(length=27), nullable=True),
    sa.CheckConstraint("lending IN ('loan', 'library_use', 'online')", name=op.f('ck_item_lending')),
    sa.ForeignKeyConstraint(['branch'], ['branch.code'], name=op.f('fk_item_branch')),
    sa.ForeignKeyConstraint(['library'], ['library.code'], name=op.f('fk_item_library')),
    sa.ForeignKeyConstraint(['source_id'], ['source_record.id'], name=op.f('fk_item_source_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item')),
    sa.UniqueConstraint('library', 'barcode', name=op.f('uq_item_library_barcode'))
    )
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_item_source_id'), ['source_id'], unique=False)

    op.create_table('source_content',
    sa.Column('source_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('encoding', sa.String(length=20), nullable=False),
    sa.Column('raw_z', sa.LargeBinary(), nullable=False),
    sa.Column('record_z', sa.LargeBinary(), nullable=False),
    sa.Column('features', sa.LargeBinary(), nullable=False),
    sa.Column('call_numbers', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['source_record.id'], name=op.f('fk_source_content_source_id')),
    sa.PrimaryKeyConstraint('source_id', name=op.f('pk_source_content'))
    )
    op.create_table('item_past_barcode',
    sa.Column('library', sa.String(length=40), nullable=False),
    sa.Column('barcode', sa.String(length=80), nullable=False),
    sa.Column('item_id', sa.String(length=24), nullable=False),
    sa.Column('until', sa.String(length=27), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_past_barcode_item_id')),
    sa.PrimaryKeyConstraint('library', 'barcode', 'item_id', name=op.f('pk_item_past_barcode'))
    )
    


def downgrade() -> None:
    
    op.drop_table('item_past_barcode')
    op.drop_table('source_content')
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_item_source_id'))

    op.drop_table('item')
    with op.batch_alter_table('source_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_source_record_union_id'))

    op.drop_table('source_record')
    with op.batch_alter_table('load', schema=None) as batch_op:
        batch_op.drop_index('ix_load_library_file')

    op.drop_table('load')
    op.drop_table('branch_local_code')
    op.drop_table('quarantine')
    op.drop_table('feed')
    with op.batch_alter_table('branch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_branch_library'))

    op.drop_table('branch')
    op.drop_table('union_content')
    with op.batch_alter_table('outbox_delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_delivery_open', sqlite_where=sa.text("state IN ('pending', 'leased')"), postgresql_where=sa.text("state IN ('pending', 'leased')"))

    op.drop_table('outbox_delivery')
    op.drop_table('library')
    op.drop_table('work')
    with op.batch_alter_table('union_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_union_record_work_id'))

    op.drop_table('union_record')
    op.drop_table('region')
    op.drop_table('outbox')
    op.drop_table('match_key')
    with op.batch_alter_table('match_edge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_match_edge_b'))

    op.drop_table('match_edge')
    op.drop_table('lease')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_name')

    op.drop_table('job')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subject')

    op.drop_table('event')
    op.drop_table('counter')
    if op.get_bind().dialect.name == "postgresql":
        for name in SEQUENCES:
            op.execute(sa.schema.DropSequence(sa.Sequence(name)))
