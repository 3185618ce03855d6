"""What a reason is in words, for an officer and for a court: never with what was written in the records."""

from services.shared.bits import Words

WORDS: Words = {
    "name": {
        "same": "same name",
        "similar": "similar name",
        "distant": "name with little in common",
        "same_across_scripts": "same name in another script",
        "similar_across_scripts": "similar name in another script",
        "distant_across_scripts": "name with little in common, in another script",
    },
    "rarity": {"common": "what the names have in common is common", "rare": "what the names have in common is rare"},
    "birth": {
        "same_day": "same date of birth",
        "swapped": "day and month of birth swapped",
        "one_digit": "date of birth differs in one digit",
        "same_month": "same month of birth, the day is not known to both",
        "same_year": "same year of birth, the rest is not known to both",
        "other_day": "same year of birth, another day",
        "year_near": "years of birth next to each other",
        "other": "another date of birth",
    },
    "nationality": {"same": "a nationality in common", "other": "no nationality in common"},
    "sex": {"same": "same sex", "other": "other sex"},
    "place": {"same": "place of birth in common", "other": "another place of birth"},
    "seat": {"same": "seat in the same country", "other": "no seat in the same country"},
    "registration": {
        "same": "same registration number in the same country",
        "same_where_unsaid": "same registration number, a country or the court that keeps the register is not said",
    },
    "document": {
        "same": "same number of a document of the same issuer",
        "same_where_unsaid": "same number of a document, an issuer is not said",
    },
    "plate": {"same": "same plate of the same country", "same_where_unsaid": "same plate, a country is not said"},
    "vin": {"same": "same vehicle identification number"},
    "phone": {"same": "same telephone number"},
}


def said(feature: str, level: str) -> str:
    """The words for one level of one feature."""
    return WORDS[feature][level]
