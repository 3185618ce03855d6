"""What the console takes an answer to be is what the gateway answers: held by its own compiler, on a whole drill."""

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

CONSOLE = Path(__file__).parents[2] / "services" / "console"
LIB = CONSOLE / "src" / "lib"
AT_MOST = 200
WHOLE = ("figures", "offers", "waiting")
"""Lists that are answered whole."""
OF_OPERATIONS = {
    "Me": "/v1/me",
    "{ items: OperationEntry[] }": "/v1/operations",
    "WaysIn": "/v1/sign-in",
    "Readiness": "/health/ready",
}
LISTS = {
    "Page<Figure>": "figures",
    "Page<Contribution>": "figures/arrests/events",
    "HistoryPage": "history",
    "Page<Thing>": "hits",
    "Page<Case>": "cases",
    "Page<Entity>": "entities",
    "Page<Change>": "diff?from=2022-06-25T10:00:00Z&to=2022-06-30T10:00:00Z",
    "{ items: Moved[] }": "diff/figures?from=2022-06-25T10:00:00Z&to=2022-06-30T10:00:00Z",
    "{ items: Participant[] }": "participants/silence",
    "{ items: Latency[] }": "latency",
    "Page<Offer>": "offers",
    "Page<Waiting>": "waiting",
}


def faults(tmp_path: Path, told: list[tuple[str, Any]]) -> list[str]:
    """What the compiler says of answers that are given the types by which the console reads them."""
    lines = [
        f'import type {{ Offer, OffersAbout, Waiting }} from "{LIB / "acting"}";',
        "type Told<T> = T extends object ? { readonly [Name in keyof T]: Told<T[Name]> } : T;",
    ]
    names = [line.split()[2] for line in (LIB / "answers.ts").read_text().splitlines() if line.startswith("export ")]
    lines += [
        f'import type {{ {name.split("<")[0]} }} from "{LIB / "answers"}";'
        for name in sorted(names)
        if any(name.split("<")[0] in type for type, _ in told)
    ]
    for at, (type, answer) in enumerate(told):
        lines += [
            f"const answer{at} = {json.dumps(answer)} as const;",
            f"export const read{at}: Told<{type}> = answer{at};",
        ]
    (tmp_path / "told.ts").write_text("\n".join(lines))
    options = {**json.loads((CONSOLE / "tsconfig.json").read_text())["compilerOptions"], "types": []}
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["told.ts"]}))
    compiler = CONSOLE / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run(["node", compiler, "-p", tmp_path], capture_output=True, text=True, check=False)
    return [line for line in done.stdout.splitlines() if line.startswith("told.ts") or "told.ts(" in line]


def test_every_answer_is_what_the_console_takes_it_to_be(danube: Any, tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {danube.desks.lead_token}"}
    with httpx.Client(base_url=danube.stack.base_url, headers=headers, timeout=30) as client:
        told = [(type, client.get(path).raise_for_status().json()) for type, path in OF_OPERATIONS.items()]
        told.append(("Operation", client.get(danube.path).raise_for_status().json()))
    for type, view in LISTS.items():
        path, _, query = view.partition("?")
        asked = dict(one.split("=") for one in query.split("&") if one)
        limit = {"limit": AT_MOST} if type.startswith("Page<") and path not in WHOLE else {}
        told.append((type, danube.get(path, **asked, **limit)))
    history = danube.get("history", limit=AT_MOST)
    told += [("Line", dict(zip(history["fields"], row, strict=True))) for row in history["rows"]]
    incident, arrest = (danube.get(view, limit=1)["items"][0]["thing"] for view in ("incidents", "arrests"))
    own = next(one for one in danube.get("timeline", limit=1000)["items"] if one["agency"] == "FRONTEX")["entry"]
    told += [
        ("File", danube.get(f"things/{incident}/file")),
        ("Entities", danube.get(f"things/{arrest}/entities")),
        ("Entry", danube.get(f"events/{arrest}")),
        ("OffersAbout", danube.get(f"offers/{arrest}")),
        ("Disclosures", danube.get(f"disclosures/{own}")),
    ]

    assert faults(tmp_path, told) == []


@pytest.mark.parametrize(
    ("type", "answer"),
    [
        ("WaysIn", {"password": "yes", "provider": None, "signed_in": False}),
        ("WaysIn", {"password": True, "provider": None}),
        ("{ items: Participant[] }", {"items": [{"agency": "BA"}]}),
        ("Readiness", {"status": "well", "reasons": []}),
    ],
)
def test_an_answer_of_another_shape_is_noticed(tmp_path: Path, type: str, answer: Any) -> None:
    assert len(faults(tmp_path, [(type, answer)])) == 1
