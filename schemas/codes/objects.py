"""Documents, vehicles, goods and the units in which each is counted."""

from schemas.codes.code_list import CodeList

DOCUMENT_CLASSES = CodeList(
    "document_classes",
    "1",
    {
        "passport": "Passport (ICAO P)",
        "identity_card": "Identity card (ICAO I, A, C)",
        "visa": "Visa (ICAO V)",
        "residence_permit": "Residence permit",
        "refugee_travel_document": "Travel document for refugees or stateless persons",
        "crew_certificate": "Crew member certificate (ICAO AC)",
        "border_stamp": "Border stamp",
        "driving_licence": "Driving licence",
        "vehicle_papers": "Vehicle registration papers",
        "birth_certificate": "Birth certificate",
        "guardianship_certificate": "Guardianship certificate or parental consent",
        "work_permit": "Work permit or posting certificate",
        "supporting_document": "Other supporting document",
        "other": "Other",
    },
)
FRAUD_TYPES = CodeList(
    "fraud_types",
    "1",
    {
        "counterfeit": "Counterfeit",
        "forged": "Forged (altered)",
        "impostor": "Impostor (look-alike)",
        "fraudulently_obtained": "Fraudulently obtained",
        "stolen_blank": "Stolen blank",
        "pseudo": "Pseudo or fantasy document",
        "stolen_or_lost": "Genuine, stolen or lost",
        "revoked": "Revoked",
        "invalid": "Invalid",
        "other": "Other",
    },
)
VEHICLE_CATEGORIES = CodeList(
    "vehicle_categories",
    "1",
    {
        "car": "Car (UNECE M1)",
        "bus": "Bus (UNECE M2, M3)",
        "van": "Van (UNECE N1)",
        "lorry": "Lorry (UNECE N2, N3)",
        "motorcycle": "Motorcycle (UNECE L)",
        "trailer": "Trailer (UNECE O)",
        "tractor": "Tractor (UNECE T)",
        "machine": "Construction or other machine",
        "boat": "Boat",
        "outboard_engine": "Outboard engine",
        "engine": "Other engine",
        "train": "Train",
        "aircraft": "Aircraft",
        "part": "Vehicle part",
        "other": "Other",
    },
)

DRUGS = {
    "cannabis": "Cannabis",
    "marihuana": "Marihuana",
    "hashish": "Hashish",
    "cocaine": "Cocaine",
    "heroin": "Heroin",
    "opium": "Opium",
    "amphetamine": "Amphetamine",
    "methamphetamine": "Methamphetamine",
    "ecstasy": "Ecstasy",
    "hallucinogens": "Hallucinogens",
    "new_psychoactive": "New psychoactive substances",
    "precursor": "Drug precursors",
    "drugs_other": "Other drugs",
}
_WEAPONS = {
    "firearm": "Firearms",
    "firearm_component": "Essential components of firearms",
    "alarm_weapon": "Alarm and signal weapons",
    "grenade": "Grenades",
    "mine": "Mines",
    "anti_tank_missile": "Anti-tank missiles",
    "ammunition": "Ammunition",
    "explosive": "Explosives",
    "weapon_other": "Other weapons",
}
_GOODS = {
    "cigarettes": "Cigarettes (sticks)",
    "tobacco": "Raw or cut tobacco",
    "tobacco_other": "Other tobacco products",
    "alcohol": "Alcohol",
    "fuel": "Fuel",
    "medicines": "Medicines",
    "medical_goods": "Protective and medical goods",
    "counterfeit_goods": "Counterfeit goods",
    "cultural_goods": "Cultural goods",
    "wildlife": "Protected animals and plants",
    "minerals": "Natural resources and minerals",
    "waste": "Waste",
    "vehicle": "Vehicles",
    "vehicle_part": "Vehicle parts",
    "boat": "Boats",
    "outboard_engine": "Outboard engines",
    "false_document": "False documents",
    "phone": "Phones",
    "electronic_device": "Other electronic devices",
    "cash": "Cash",
    "gold": "Gold",
    "jewellery": "Jewellery and precious stones",
    "real_estate": "Real estate",
    "bank_account": "Bank accounts, frozen",
    "crypto_assets": "Crypto-assets",
    "smuggled_goods": "Smuggled goods of any kind",
    "other": "Other",
}
GOODS_CATEGORIES = CodeList("goods_categories", "1", DRUGS | _WEAPONS | _GOODS)

MONEY = "money"
"""Stands for any ISO 4217 code in `GOODS_UNITS`."""

GOODS_UNITS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(DRUGS, ("KGM", "LTR", "C62")),
    **dict.fromkeys(_WEAPONS, ("C62",)),
    **dict.fromkeys(_GOODS, ("C62",)),
    "explosive": ("KGM", "C62"),
    "ammunition": ("C62", "KGM"),
    "tobacco": ("KGM",),
    "tobacco_other": ("KGM", "C62"),
    "alcohol": ("LTR",),
    "fuel": ("LTR",),
    "medicines": ("C62", "KGM", "LTR"),
    "medical_goods": ("C62", "KGM", "LTR"),
    "counterfeit_goods": ("C62", "KGM", "LTR"),
    "wildlife": ("C62", "KGM"),
    "minerals": ("KGM",),
    "waste": ("KGM", "LTR"),
    "vehicle_part": ("C62", "KGM"),
    "cash": (MONEY,),
    "bank_account": (MONEY, "C62"),
    "crypto_assets": (MONEY, "C62"),
    "gold": ("KGM", "C62"),
    "jewellery": ("C62", "KGM"),
    "real_estate": ("C62",),
    "smuggled_goods": ("C62", "KGM", "LTR"),
    "other": ("C62", "KGM", "LTR"),
}
"""Units that suit a category, the usual one first: kilograms are never added to tablets."""

EVERY_UNIT = ("C62", "KGM", "LTR", MONEY)


def units_of(category: str | None) -> tuple[str, ...]:
    """The units in which a category may be counted; for a composite or an open category, any."""
    return GOODS_UNITS.get(category or "", EVERY_UNIT)
