"""Kinds of incident and of irregular migration, after the CISE data model."""

from schemas.codes.code_list import CodeList

IRREGULAR_MIGRATION_TYPES = CodeList(
    "irregular_migration_types",
    "cise-1.5.3",
    {
        "IrregularBorderEntry": "Irregular border entry",
        "EventRefusedBorderEntry": "Refused border entry (event)",
        "IrregularEntryAttempt": "Attempt of irregular entry",
        "IrregularBorderExit": "Irregular border exit",
        "RefusedBorderEntry": "Refused border entry",
        "IrregularExitAttempt": "Attempt of irregular exit",
        "IrregularStay": "Irregular stay",
        "FacilitatorInterception": "Facilitator intercepted",
        "FacilitatorDisclosure": "Facilitator disclosed",
        "InterceptionInThirdCountryTerritory": "Interception in a third country's territory",
        "Other": "Other",
        "NonSpecified": "Not specified",
    },
)
INCIDENT_KINDS = CodeList(
    "incident_kinds",
    "cise-1.5.3+1",
    {
        "irregular_migration": "Irregular migration",
        "migrant_smuggling": "Migrant smuggling",
        "human_trafficking": "Human trafficking",
        "child_at_risk": "Child at risk",
        "document_fraud": "Document fraud",
        "stolen_vehicle": "Stolen vehicle",
        "drug_smuggling": "Drug smuggling",
        "goods_smuggling": "Goods smuggling",
        "weapons": "Weapons, ammunition or explosives",
        "wanted_person": "Wanted person",
        "financial_crime": "Financial crime",
        "violence": "Violence",
        "accident": "Accident or rescue",
        "other": "Other",
    },
)
