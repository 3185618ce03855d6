"""What is checked and where is searched."""

from schemas.codes.code_list import CodeList

CHECK_KINDS = CodeList(
    "check_kinds",
    "1",
    {
        "person": "Persons",
        "vehicle": "Vehicles",
        "document": "Documents",
        "premises": "Premises",
        "parcel": "Parcels",
        "flight": "Flights",
        "vessel": "Vessels",
        "location": "Locations",
    },
)
_INTERPOL = {
    "Nominals": "INTERPOL nominals",
    "SLTD": "INTERPOL stolen and lost travel documents",
    "TDAWN": "INTERPOL travel documents associated with notices",
    "SMV": "INTERPOL stolen motor vehicles",
    "iARMS": "INTERPOL illicit arms records",
    "WoA": "INTERPOL works of art",
}
_OTHERS = {
    "SIS": "Schengen Information System",
    "EIS": "Europol Information System",
    "national": "National databases",
    "other": "Other databases",
}
DATABASES = CodeList("databases", "1", _INTERPOL | _OTHERS)
INTERPOL_DATABASES = frozenset(_INTERPOL)
SEARCH_SYSTEMS = CodeList(
    "search_systems",
    "1",
    _INTERPOL | _OTHERS | {"VIS": "Visa Information System", "EES": "Entry/Exit System"},
    like=DATABASES,
)
