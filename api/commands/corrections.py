"""``union-catalog corrections``: writing over what a library's record says, for good, and taking that back."""

import json

import click

from api.commands.following import following, say_behind
from api.commands.runtime import Runtime
from union_catalog.bibliographic.correctable import CORRECTABLE
from union_catalog.services import corrections as use_cases
from union_catalog.services.views import CorrectionView


@click.group()
def corrections() -> None:
    """Corrections of member records: they hold whatever the library sends later, until they are undone."""


@corrections.command("set", epilog=f"Fields: {', '.join(CORRECTABLE)}; or a whole field of the record (titles, subjects, …) as JSON.")
@click.argument("key")
@click.argument("field")
@click.argument("value")
@click.option("--reason", required=True, help="Why; shown wherever the correction is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def set_correction(key: str, field: str, value: str, reason: str, as_json: bool) -> None:
    """Write VALUE over FIELD of the record KEY (such as JD:JD000000001). An empty VALUE takes away what stands there."""
    runtime = Runtime.from_environment()
    limit = runtime.settings.match_key_limit
    with runtime.database.write() as connection:
        made = use_cases.correct(connection, runtime.clock, runtime.context(), key, field, value, reason, limit)
    behind = following(runtime, runtime.feed.last_message())
    _tell(made, as_json=as_json)
    say_behind(behind)


@corrections.command("undo")
@click.argument("correction_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def undo_correction(correction_id: str, as_json: bool) -> None:
    """Take the correction ID back: what the library sends holds again."""
    runtime = Runtime.from_environment()
    limit = runtime.settings.match_key_limit
    with runtime.database.write() as connection:
        undone = use_cases.undo(connection, runtime.clock, runtime.context(), correction_id, limit)
    behind = following(runtime, runtime.feed.last_message())
    _tell(undone, as_json=as_json)
    say_behind(behind)


@corrections.command("list")
@click.argument("key", default="")
@click.option("--library", default="", help="Only this library's records.")
@click.option("--undone", is_flag=True, help="Show those too that hold no more.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_corrections(key: str, library: str, undone: bool, as_json: bool) -> None:
    """Show the corrections in force, of all records or of KEY, the latest first."""
    found = use_cases.listed(Runtime.from_environment().database, key, library, undone=undone)
    if as_json:
        click.echo(json.dumps([_as_data(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("没有更正 / no corrections")


def _tell(one: CorrectionView, *, as_json: bool) -> None:
    click.echo(json.dumps(_as_data(one), ensure_ascii=False, indent=2) if as_json else _line(one))


def _line(one: CorrectionView) -> str:
    value = one.value if isinstance(one.value, str) else json.dumps(one.value, ensure_ascii=False)
    state = (
        f"已撤销 / undone {one.undone_at:%Y-%m-%d}" if one.undone_at else "记录已撤除 / record gone" if one.asleep else "有效 / in force"
    )
    return (
        f"{one.id}  {one.key}  {one.field}: {one.sent or '—'} → {value or '—'}  ({one.reason})  {one.actor} {one.made_at:%Y-%m-%d}  {state}"
    )


def _as_data(one: CorrectionView) -> dict[str, object]:
    return {
        "id": one.id,
        "key": one.key,
        "field": one.field,
        "value": one.value,
        "sent": one.sent,
        "reason": one.reason,
        "actor": one.actor,
        "made_at": one.made_at.isoformat(),
        "undone_by": one.undone_by or None,
        "undone_at": one.undone_at.isoformat() if one.undone_at else None,
        "asleep": one.asleep,
    }
