"""The migrations make exactly the tables that the code declares, on both databases."""

from union_catalog.storage import schema
from union_catalog.storage.database import Database
from union_catalog.storage.values import allocate


def test_migrations_and_tables_agree(database: Database) -> None:
    assert schema.differences(database) == []


def test_upgrading_again_is_no_change(database: Database) -> None:
    assert schema.upgrade(database) is False


def test_sequences_hand_out_contiguous_numbers_that_grow(database: Database) -> None:
    with database.write() as connection:
        first = allocate(connection, "revision", 3)
        second = allocate(connection, "revision", 1)
        third = allocate(connection, "revision", 1000)
    assert len(first) == 3
    assert first[-1] < second[0] < third[0]
    assert list(third) == list(range(third[0], third[0] + 1000))


def test_a_rolled_back_transaction_gives_no_number_twice_to_a_committed_one(database: Database) -> None:
    with database.write() as connection:
        kept = allocate(connection, "event", 5)[-1]
    with database.write() as connection:
        assert allocate(connection, "event", 1)[0] > kept
