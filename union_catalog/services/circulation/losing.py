"""Loans that are late for longer than their rule allows count as lost, as if somebody at a desk had said so."""

from sqlalchemy import Connection

from union_catalog.circulation.items import decide_long_overdue, is_long_overdue
from union_catalog.context import Context
from union_catalog.errors import Raced
from union_catalog.services import policies
from union_catalog.services.circulation.check_in import locked
from union_catalog.services.circulation.deeds import About, do
from union_catalog.services.circulation.station import Station
from union_catalog.services.patrons.office import Office
from union_catalog.storage.circulation import loans, resolving
from union_catalog.storage.circulation.loans import LateLoan
from union_catalog.storage.database import Database

BATCH = 500
ACTION = "lost"


def lose_overdue(database: Database, office: Office, context: Context) -> int:
    """Ends the loans of the whole network that are long overdue, each in a transaction of its own under the locks of a desk; says how many.

    What is handed in at the same moment is returned, or lost and found again. A run that breaks off leaves the rest to the next.
    """
    lost, place = 0, None
    while True:
        with database.read() as connection:
            late = loans.late(connection, office.today(), place, BATCH)
            due = [loan for loan in late if _seems_lost(connection, office, loan)]
        lost += sum(_lose(database, office, context, loan) for loan in due)
        if len(late) < BATCH:
            return lost
        place = (late[-1].due_date, late[-1].id)


def _seems_lost(connection: Connection, office: Office, loan: LateLoan) -> bool:
    """As it looks without a lock."""
    terms = policies.by_version(connection, loan.policy_version).rule(loan.policy_rule).terms
    return is_long_overdue(loan.due_date, office.today(), terms, loan.hours)


def _lose(database: Database, office: Office, context: Context, late: LateLoan) -> bool:
    station = Station(office=office, context=context, branch=late.lending_branch)
    try:
        with database.write() as connection:
            return _lose_now(connection, station, late)
    except Raced:  # somebody is at it just now: if it still is overdue, the next run will see it
        return False


def _lose_now(connection: Connection, station: Station, late: LateLoan) -> bool:
    handled = locked(connection, station, resolving.candidate(connection, late.item))
    loan, moment = handled.item.loan, station.moment()
    if loan is None or loan.id != late.id:
        return False
    plan = decide_long_overdue(handled.item, loan, station.desk(connection, handled, moment, {}))
    if plan is None:
        return False
    about = About(
        action=ACTION,
        command_id=station.context.command_id,
        item=late.item,
        barcode=handled.item.barcode,
        patron=loan.patron,
        loan=loan.id,
    )
    do(connection, plan, moment, about)
    return True
