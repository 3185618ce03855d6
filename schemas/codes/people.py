"""What is said of persons and reports: nationality, grounds of refusal, SIS articles, handling, evaluation."""

from schemas.codes.code_list import CodeList
from schemas.codes.countries import COUNTRIES, COUNTRY_LIST

REFUSAL_REASONS = CodeList(
    "refusal_reasons",
    "2016/399-annex-V-B",
    {
        "A": "No valid travel document",
        "B": "False, counterfeit or forged travel document",
        "C": "No valid visa or residence permit",
        "D": "False, counterfeit or forged visa or residence permit",
        "E": "Purpose and conditions of stay not documented",
        "F": "Stayed 90 days in 180 already",
        "G": "No sufficient means of subsistence",
        "H": "Alert for refusal of entry in SIS or a national register",
        "I": "Threat to public policy, internal security or public health",
    },
)
SIS_ARTICLES = CodeList(
    "sis_articles",
    "2018/1860-1862",
    {
        "26": "Wanted for arrest for surrender or extradition (2018/1862)",
        "32": "Missing or vulnerable person (2018/1862)",
        "34": "Sought to assist with a judicial procedure (2018/1862)",
        "36": "Discreet, inquiry or specific check (2018/1862)",
        "38": "Object for seizure or use as evidence (2018/1862)",
        "40": "Unknown wanted person (2018/1862)",
        "24": "Refusal of entry and stay (2018/1861)",
        "return": "Return (2018/1860)",
    },
)
EVALUATION_LETTERS = {
    "4x4": ("ABCX", "1234"),
    "3x5x2": ("123", "ABCDE"),
    "5x5x5": ("ABCDE", "12345"),
    "admiralty": ("ABCDEFG", "123456"),
}
"""Source and information of each scheme. They do not convert into each other."""

HANDLING_CODES = CodeList(
    "handling_codes",
    "siena",
    {
        "H0": "Only for preventing and combating crime",
        "H1": "Not to be disclosed in judicial proceedings without the provider's permission",
        "H2": "Not to be disseminated without the provider's permission",
        "H3": "Other restrictions: see the text",
    },
)
EVALUATION_SOURCE = CodeList(
    "evaluation_source_4x4",
    "2016/794-art-29",
    {
        "A": "No doubt as to authenticity, trustworthiness and competence",
        "B": "In most instances reliable",
        "C": "In most instances unreliable",
        "X": "Cannot be assessed",
    },
)
EVALUATION_INFORMATION = CodeList(
    "evaluation_information_4x4",
    "2016/794-art-29",
    {
        "1": "Accuracy not in doubt",
        "2": "Known personally to the source but not to the official passing it on",
        "3": "Not known personally to the source but corroborated",
        "4": "Not known personally to the source and cannot be corroborated",
    },
)

# ICAO Doc 9303 part 3, section 5: issuers and nationalities that are not states.
NATIONALITY_LIST = CodeList(
    "nationalities",
    "icao-9303-3",
    {
        **COUNTRIES,
        "XXA": "Stateless person",
        "XXB": "Refugee (1951 Convention)",
        "XXC": "Refugee (other)",
        "XXX": "Person of unspecified nationality",
    },
    like=COUNTRY_LIST,
)
ISSUER_LIST = CodeList(
    "issuers",
    "icao-9303-3",
    {
        **COUNTRIES,
        "EUE": "European Union (laissez-passer)",
        "UNO": "United Nations",
        "UNA": "United Nations specialised agency",
        "UNK": "United Nations Interim Administration Mission in Kosovo",
        "XOM": "Sovereign Military Order of Malta",
        "XPO": "INTERPOL",
        "XXA": "Stateless person",
        "XXB": "Refugee (1951 Convention)",
        "XXC": "Refugee (other)",
    },
    like=COUNTRY_LIST,
)
