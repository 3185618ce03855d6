"""Code lists, versioned, with their labels."""

from schemas.codes.checks import CHECK_KINDS, DATABASES, INTERPOL_DATABASES, SEARCH_SYSTEMS
from schemas.codes.code_list import LISTS, CodeList, languages
from schemas.codes.countries import (
    COUNTRIES,
    COUNTRY_LIST,
    COUNTRY_MISSPELLINGS,
    EU_MEMBER_STATES,
    SIS_STATES,
)
from schemas.codes.crime import CRIME_AREAS, EMPACT_PRIORITIES, THB_FORMS
from schemas.codes.incidents import INCIDENT_KINDS, IRREGULAR_MIGRATION_TYPES
from schemas.codes.objects import (
    DOCUMENT_CLASSES,
    FRAUD_TYPES,
    GOODS_CATEGORIES,
    GOODS_UNITS,
    MONEY,
    VEHICLE_CATEGORIES,
    units_of,
)
from schemas.codes.people import (
    EVALUATION_INFORMATION,
    EVALUATION_LETTERS,
    EVALUATION_SOURCE,
    HANDLING_CODES,
    ISSUER_LIST,
    NATIONALITY_LIST,
    REFUSAL_REASONS,
    SIS_ARTICLES,
)
from schemas.codes.units import CURRENCIES, CURRENCY_LIST, UNIT_LIST, UNIT_MISSPELLINGS, UNITS

__all__ = [
    "CHECK_KINDS",
    "COUNTRIES",
    "COUNTRY_LIST",
    "COUNTRY_MISSPELLINGS",
    "CRIME_AREAS",
    "CURRENCIES",
    "CURRENCY_LIST",
    "DATABASES",
    "DOCUMENT_CLASSES",
    "EMPACT_PRIORITIES",
    "EU_MEMBER_STATES",
    "EVALUATION_INFORMATION",
    "EVALUATION_LETTERS",
    "EVALUATION_SOURCE",
    "FRAUD_TYPES",
    "GOODS_CATEGORIES",
    "GOODS_UNITS",
    "HANDLING_CODES",
    "INCIDENT_KINDS",
    "INTERPOL_DATABASES",
    "IRREGULAR_MIGRATION_TYPES",
    "ISSUER_LIST",
    "LISTS",
    "MONEY",
    "NATIONALITY_LIST",
    "REFUSAL_REASONS",
    "SEARCH_SYSTEMS",
    "SIS_ARTICLES",
    "SIS_STATES",
    "THB_FORMS",
    "UNITS",
    "UNIT_LIST",
    "UNIT_MISSPELLINGS",
    "VEHICLE_CATEGORIES",
    "CodeList",
    "languages",
    "units_of",
]
