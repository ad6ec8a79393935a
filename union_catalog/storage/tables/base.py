"""What all tables share: the naming of constraints, the types of ids, codes and instants, and the sequences."""

from sqlalchemy import BigInteger, Integer, MetaData, Sequence, String

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a rowid only to INTEGER; PostgreSQL needs 64 bits.
Id = BigInteger().with_variant(Integer(), "sqlite")
Instant = String(27)
PublicId = String(24)
Code = String(40)

# Numbers that never go backward. SQLite has no sequences: there the table ``counter`` stands for them.
SEQUENCES = ("revision", "source_record", "event", "outbox")
for _name in SEQUENCES:
    Sequence(f"{_name}_seq", metadata=metadata, data_type=BigInteger)
