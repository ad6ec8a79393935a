"""``union-catalog notices``: messages to readers, seen from outside."""

import json
from datetime import datetime

import click

from api.commands.runtime import Runtime
from api.labels import label
from api.languages import language_of_locale
from union_catalog.clock import instant_text
from union_catalog.notices.quiet import QuietHours
from union_catalog.services.figures import job_successes, notice_figures
from union_catalog.settings import Settings
from union_catalog.storage.notices import NoticeFigures

_SENDING = "send-notices"


@click.group()
def notices() -> None:
    """Messages to readers: what waits, and what could not be delivered."""


@notices.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_status(as_json: bool) -> None:
    """Show what waits, for how long, what was given up and why, which ways are set up, and when anything was last sent."""
    runtime = Runtime.from_environment()
    now = runtime.clock.now()
    found = notice_figures(runtime.database, now)
    sent = job_successes(runtime.database, [_SENDING]).get(_SENDING)
    ways = [name for name, address in (("email", runtime.settings.smtp_url), ("phone", runtime.settings.notice_url)) if address]
    if as_json:
        click.echo(json.dumps(_as_data(found, sent, ways, quiet=_is_quiet(runtime.settings, now)), ensure_ascii=False, indent=2))
        return
    waited = f"{(now - found.oldest).total_seconds():.0f} 秒 / s" if found.oldest else "-"
    click.echo(f"等着发 / waiting      {found.waiting}，最久 / oldest {waited}")
    click.echo(f"以后发 / later        {found.later}")
    click.echo(f"正在发 / sending      {found.sending}")
    click.echo(f"没送到 / dead         {sum(found.dead.values())}")
    for reason, count in found.dead.items():
        click.echo(f"  {reason:<20}{count}  {label('notice_reason', reason, language_of_locale())}")
    click.echo(f"途径 / ways           {' '.join(ways) or '没有设 / none'}")
    click.echo(f"安静时段 / quiet      {'是 / now' if _is_quiet(runtime.settings, now) else '否 / no'}")
    click.echo(f"上次发送 / last run   {instant_text(sent) if sent else '-'}")


def _is_quiet(settings: Settings, now: datetime) -> bool:
    return settings.quiet_hours is not None and QuietHours(*settings.quiet_hours).are_on(now, settings.timezone)


def _as_data(found: NoticeFigures, sent: datetime | None, ways: list[str], *, quiet: bool) -> dict[str, object]:
    return {
        "waiting": found.waiting,
        "oldest": instant_text(found.oldest) if found.oldest else None,
        "later": found.later,
        "sending": found.sending,
        "dead": dict(found.dead),
        "ways": ways,
        "quiet": quiet,
        "last_run": instant_text(sent) if sent else None,
    }
