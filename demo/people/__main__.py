"""Puts the demo's people into the catalogue, once, and writes how to sign in as each: ``python -m demo.people GUIDE_FILE``.

Again changes nothing: who is there stays as they are now, and the file is written anew with the cards that are valid today.
"""

import argparse
import sys
from pathlib import Path

from sqlalchemy import Connection

from api.wiring import open_clock, open_database, open_office
from demo.people import tables
from demo.people.guide import PASSWORD, PIN, guide_of, write_guide
from demo.people.life import Life
from union_catalog.errors import Refused
from union_catalog.services import staff
from union_catalog.services.patrons import pins
from union_catalog.services.patrons.office import Office
from union_catalog.settings import Settings
from union_catalog.storage.database import Database


def settle(database: Database, office: Office) -> bool:
    """Makes all of them in one transaction; False where they are there already.

    Raises Refused("people_there") where others work in this catalogue: their readers are not to meet invented ones.
    """
    with database.read() as connection:
        if _is_settled(connection):
            return False
    hashes = staff.hashed(PASSWORD), pins.hashed(office, PIN)
    with database.write() as connection:
        if _is_settled(connection):
            return False
        Life(connection, office, *hashes).begin()
    return True


def _is_settled(connection: Connection) -> bool:
    if staff.find(connection, tables.staff()[0].username) is not None:
        return True
    if staff.listed(connection):
        raise Refused("people_there")
    return False


def main() -> int:
    """The command line; 5 where the catalogue is somebody's already."""
    parser = argparse.ArgumentParser(prog="python -m demo.people", description=__doc__)
    parser.add_argument("guide", type=Path, metavar="GUIDE_FILE")
    path = parser.parse_args().guide
    settings = Settings.from_environment()
    database = open_database(settings)
    office = open_office(settings, open_clock(settings))
    try:
        made = settle(database, office)
    except Refused:
        print(_OTHERS, file=sys.stderr)
        return 5
    with database.read() as connection:
        write_guide(path, guide_of(connection))
    print(f"{'新来' if made else '都在'} / {'settled' if made else 'all there'}: {len(tables.staff())} + {len(tables.readers())}; {path}")
    database.close()
    return 0


_OTHERS = (
    "这里已有别的馆员，演示的人不放进来。换一个文件夹：make demo UNION_CATALOG_HOME=… / "
    "Other staff work in this catalogue; the demo's people need one of their own: make demo UNION_CATALOG_HOME=…"
)

if __name__ == "__main__":
    raise SystemExit(main())
