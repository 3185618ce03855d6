"""`vcp operation`: an operation opened from a template, by an agency that leads it."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import typer

from services.cli.running import aside

if TYPE_CHECKING:
    import httpx

    from schemas.templates import Template

app = typer.Typer(help="Operations.\n\nFor example: vcp operation templates", no_args_is_help=True)
SOURCE = "/vcp/operation-create"


@app.command("templates")
def list_templates() -> None:
    """List the templates from which an operation can be opened.

    For example: vcp operation templates
    """
    from schemas.templates import templates

    for one in templates().values():
        typer.echo(f"{one.code}: {one.title}. {one.description}")


@app.command()
def create(
    code: Annotated[str, typer.Argument(help="Names the operation for ever, such as jad-danube-2027.")],
    name: Annotated[str, typer.Option(help="As it is spoken of.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    time_zone: Annotated[str, typer.Option(help="In which days are cut, such as Europe/Vienna.")],
    lead: Annotated[list[str], typer.Option(help="A leading agency, the first one in the lead; repeatable.")],
    participant: Annotated[
        list[str] | None, typer.Option(help="AGENCY or AGENCY:role, beside those of the template; repeatable.")
    ] = None,
    template: Annotated[str, typer.Option(help="`vcp operation templates` lists them.")] = "jad",
    exercise: Annotated[bool, typer.Option("--exercise", help="A drill, with its own clock.")] = False,
    url: Annotated[str, typer.Option(help="The gateway.")] = "http://127.0.0.1:8080",
    token_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Holds the token; without it, standard input does.")
    ] = None,
    only_print: Annotated[bool, typer.Option("--print", help="Print the reports, and post nothing.")] = False,
) -> None:
    """Open an operation from a template, and let its participants join.

    For example: vcp operation create jad-2027 --name "JAD 2027" --from 2027-06-24 --to 2027-07-04
    --time-zone Europe/Vienna --lead FRONTEX --lead AT --participant BA --participant MD:observer
    --token-file frontex.token
    """
    from schemas.templates import templates

    chosen = templates().get(template)
    if chosen is None or time_zone not in available_timezones():
        what = "template" if chosen is None else "time zone"
        aside.print(f"There is no such {what}.")
        raise typer.Exit(2)
    days = (first.date(), last.date())
    roles = dict(_role(one) for one in participant or ())
    reports = _reports(chosen, code, name, days, time_zone, lead, roles, exercise=exercise)
    if only_print:
        for report in reports:
            typer.echo(json.dumps(report, ensure_ascii=False))
        return
    import httpx

    token = (token_file.read_text(encoding="utf-8") if token_file else sys.stdin.read()).strip()
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
        for report in reports:
            _post(client, code, report)
    aside.print(f"{code} is open, with {len(reports) - 1} participants.")


def _reports(
    template: "Template",
    code: str,
    name: str,
    days: tuple[date, date],
    time_zone: str,
    lead: list[str],
    roles: dict[str, str],
    *,
    exercise: bool,
) -> list[dict[str, Any]]:
    """The opening and the joinings. Their ids are the same each time, so that a broken run can be repeated that day."""
    from schemas.templates import joining_of, opening_of

    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(time_zone)).date()
    first, last = days
    opening = opening_of(
        template, code=code, name=name, first=first, last=last, time_zone=time_zone, lead=lead, today=today
    )
    joining = {one.agency: str(one.role) for one in template.participants} | roles
    # The template proposes a lead at most; who leads, the command says.
    joining = {agency: "participant" if role in ("lead", "co_lead") else role for agency, role in joining.items()}
    joining |= {agency: "lead" if number == 0 else "co_lead" for number, agency in enumerate(lead)}
    data = [("operation.created.v1", "opening", {**opening, "exercise": exercise})] + [
        ("participant.joined.v1", agency, joining_of(agency, role=role, time_zone=time_zone, today=today))
        for agency, role in joining.items()
    ]
    shared = {"specversion": "1.0", "source": SOURCE, "time": now.isoformat()}
    return [{**shared, "type": type, "id": f"{code}/{id}", "data": one} for type, id, one in data]


def _role(spelt: str) -> tuple[str, str]:
    agency, _, role = spelt.partition(":")
    return agency, role or "participant"


def _post(client: "httpx.Client", code: str, report: dict[str, Any]) -> None:
    opens = report["type"] == "operation.created.v1"
    path = "/v1/operations" if opens else f"/v1/operations/{code}/events"
    import httpx

    try:
        answer = client.post(path, json=report, headers={"Content-Type": "application/cloudevents+json"})
    except httpx.TransportError:
        aside.print("The gateway does not answer; run the same command again, nothing is stored twice.")
        raise typer.Exit(1) from None
    if answer.is_success:
        return
    problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    faults = "; ".join(f"{one['pointer']}: {one['detail']}" for one in problem.get("errors", []))
    aside.print(f"{report['id']}: {answer.status_code} {problem.get('detail', '')} {faults}".rstrip(), markup=False)
    raise typer.Exit(1)
