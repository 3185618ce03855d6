"""Search and entities over HTTP: sealed names and numbers are found by who may see them, and by nobody else."""

from typing import Any

import psycopg

NAMED = {"audience": {"scope": "named", "agencies": ["MD"]}}
EVERYONE = {"audience": {"scope": "all"}}


def suspect(family: str, given: str, **members: Any) -> dict[str, Any]:
    return {"subject_category": "suspect", "names": [{"family": family, "given": given}], **members}


def search(room: Any, agency: str, query: dict[str, Any] | None = None, /, **sought: Any) -> dict[str, Any]:
    answer = room.as_agency(agency).post(f"{room.path}/search", json=sought, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def found(room: Any, agency: str, query: dict[str, Any] | None = None, /, **sought: Any) -> list[tuple[str, str]]:
    return [(item["band"], item["entry"]) for item in search(room, agency, query, **sought)["items"]]


def test_a_sealed_name_is_found_in_any_script_by_who_may_see_it(room: Any) -> None:
    wanted = suspect("Шевченко", "Іван", birth_date="1961-05-17")
    hidden = room.take("BA", "arrest.made.v1", person=wanted, **NAMED)
    other = room.take("BA", "arrest.made.v1", person=suspect("Invented", "Ivan"), **EVERYONE)

    assert found(room, "MD", name="Ivan Shevchenko", birth_date="1961-05-17") == [("strong", hidden["entry"])]
    assert found(room, "MD", name="SCHEWTSCHENKO") == [("possible", hidden["entry"])]
    assert found(room, "FRONTEX", name="Ivan Shevchenko") == []
    assert hidden["entry"] not in str(search(room, "FRONTEX", name="Ivan Shevchenko", band="weak"))
    (item,) = search(room, "MD", name="Shevchenko")["items"]
    assert item["written"] == ["Іван Шевченко"]
    assert item["thing"]["thing"] == hidden["entry"]

    # What was known earlier, and what had happened.
    assert found(room, "MD", {"as_of": hidden["entry"]}, name="Invented") == []
    assert found(room, "MD", {"as_of": other["entry"]}, name="Invented") == [("possible", other["entry"])]
    assert found(room, "MD", {"at": "2020-01-01T00:00:00Z"}, name="Shevchenko") == []

    # Another operation, and the clear parts of the picture, know nothing of it.
    for view in ("timeline", "arrests", f"things/{hidden['entry']}/file"):
        assert "Шевченко" not in str(room.get("MD", view))


def test_numbers_are_found_however_they_are_written_and_corrected_ones_too(room: Any) -> None:
    vehicle = {"category": "car", "plate": "W-123 AB", "plate_country": "AT", "vin": None}
    seen = room.take("BA", "vehicle.detected.v1", vehicle=vehicle, **EVERYONE)
    corrected = {**room.report("vehicle.detected.v1", vehicle={**vehicle, "plate": "W-999 ZZ"}, **EVERYONE)["data"]}
    room.take("BA", "record.corrected.v1", target=seen["entry"], corrected=corrected, etag=seen["etag"], **EVERYONE)

    (old,) = search(room, "AT", plate="w123ab")["items"]
    (new,) = search(room, "AT", plate="W999ZZ")["items"]
    assert (old["band"], old["line"], new["band"], new["line"]) == ("exact", "corrected", "exact", "in_force")
    assert old["thing"]["thing"] == new["thing"]["thing"] == seen["entry"]
    assert found(room, "AT", document="W123AB") == []


def test_what_is_erased_is_found_no_more(room: Any) -> None:
    arrest = room.take("BA", "arrest.made.v1", person=suspect("Erasedname", "Ivan"), **EVERYONE)
    assert found(room, "AT", name="Erasedname") == [("possible", arrest["entry"])]

    with psycopg.connect(room.stack.settings.gateway_database_url) as connection:
        connection.execute("update desk.keys set wrapped = null where entry = %s", (arrest["entry"],))
        left = connection.execute("select marks from desk.keys where entry = %s", (arrest["entry"],)).fetchall()

    assert set(left) == {(None,)}
    assert found(room, "AT", name="Erasedname", band="weak") == []


def test_the_same_document_in_several_records_is_linked_and_never_merged(room: Any) -> None:
    number = {"document_class": "passport", "number": "INVENTED 77"}
    holder = suspect("Petrov", "Ivan", birth_date="1961-05-17", documents=[number])
    arrest = room.take("BA", "arrest.made.v1", person=holder, **EVERYONE)
    again = {**number, "number": "invented-77"}
    hit = room.take("FRONTEX", "hit.raised.v1", database="SLTD", object="document", document=again, **EVERYONE)
    same = room.take("MD", "arrest.made.v1", person=suspect("Петров", "Иван", birth_date="1961-05-17"), **NAMED)
    before = room.figure("AT", "arrests")

    def entities(agency: str, thing: dict[str, Any]) -> dict[str, set[str]]:
        found = room.get(agency, f"things/{thing['entry']}/entities")["entities"]
        return {one["kind"]: {record["thing"] for record in one["records"]} for one in found}

    assert entities("FRONTEX", arrest) == {"document": {arrest["entry"], hit["entry"]}}
    assert entities("MD", arrest) == {
        "document": {arrest["entry"], hit["entry"]},
        "person": {arrest["entry"], same["entry"]},
    }
    assert entities("MD", same) == {"person": {arrest["entry"], same["entry"]}}
    written = {
        tuple(record["written"])
        for one in room.get("MD", f"things/{same['entry']}/entities")["entities"]
        for record in one["records"]
    }
    assert written == {("Ivan Petrov",), ("Иван Петров",)}
    assert room.figure("AT", "arrests") == before

    def recurring(agency: str, **query: Any) -> list[tuple[str, set[str]]]:
        items = room.get(agency, "entities", **query)["items"]
        return sorted((item["kind"], {record["thing"] for record in item["things"]}) for item in items)

    document, person = ("document", {arrest["entry"], hit["entry"]}), ("person", {arrest["entry"], same["entry"]})
    assert recurring("MD") == [document, person]
    assert recurring("FRONTEX") == [document]
    assert recurring("MD", kind="person") == [person]
    assert recurring("MD", as_of=hit["entry"]) == [document]
    assert recurring("MD", as_of=arrest["entry"]) == []
    assert recurring("MD", at="2020-01-01T00:00:00Z") == []
    first = room.get("MD", "entities", limit=1)
    second = room.get("MD", "entities", limit=1, cursor=first["next"])
    assert sorted(item["kind"] for item in first["items"] + second["items"]) == ["document", "person"]
    assert second["next"] is None
    hidden = room.as_agency("FRONTEX").get(f"{room.path}/things/{same['entry']}/entities")
    assert hidden.status_code == 404


def test_an_organisation_is_found_and_linked_by_its_registration(room: Any) -> None:
    def firm(name: str, number: str) -> dict[str, Any]:
        registrations = [{"country": "BG", "registration_number": number}]
        return {"subject_category": "suspect", "names": [{"full": name}], "registrations": registrations}

    seen = room.take("BA", "incident.reported.v1", organisations=[firm("Измислица ООД", "BG000111222")], **EVERYONE)
    searched = room.take("MD", "premises.searched.v1", organisation=firm("Nascocita", "000 111 222"), **NAMED)

    both = sorted([("exact", searched["entry"]), ("exact", seen["entry"])])
    assert sorted(found(room, "MD", registration="111222")) == both
    assert found(room, "AT", registration="000111222") == [("exact", seen["entry"])]
    (linked,) = room.get("MD", "entities", kind="registration")["items"]
    assert {record["thing"] for record in linked["things"]} == {seen["entry"], searched["entry"]}
    assert room.get("AT", f"things/{seen['entry']}/entities")["entities"] == []


def test_a_search_that_cannot_be_made_repeats_nothing_of_what_was_sought(room: Any) -> None:
    client = room.as_agency("AT")
    for sought, pointer in (
        ({"nickname": "Sealedname"}, "/body"),
        ({"name": "Sealedname", "birth_date": "Sealedname"}, "/body/birth_date"),
        ({"birth_date": "1961"}, "/body/name"),
        ({"name": "Sealedname", "band": "Sealedname"}, "/body/band"),
    ):
        answer = client.post(f"{room.path}/search", json=sought)
        assert answer.status_code == 400, answer.text
        assert pointer in [fault["pointer"] for fault in answer.json()["errors"]]
        assert "Sealedname" not in answer.text
    json = {"Content-Type": "application/json"}
    assert client.post(f"{room.path}/search", content=b"{", headers=json).status_code == 400
    assert client.post(f"{room.path}/search", content=b" " * 9_000, headers=json).status_code == 413
    assert client.post(f"{room.path}/search", content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 415
    assert client.post(f"{room.path}/search?name=x", json={"name": "Sealedname"}).status_code == 400
