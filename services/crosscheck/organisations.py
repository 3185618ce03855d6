"""Names of organisations: which of their words so many bear that they tell little, and how a name is read."""

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from services.crosscheck.legal_forms import without_form
from services.crosscheck.names import LONGEST_NAME, MOST_WORDS, Name, is_latin
from services.shared.names import skeleton, words

_JOINING = frozenset(("and", "und", "et", "ve", "si", "kai"))

_MANY = """
transport transports transporte transporti transportes transporturi transportation trans tir prevoz prevozi prijevoz
 prevoznik szallitas szallito fuvarozas metafores metaforiki nakliyat tasimacilik perevozki perevezennia przewoz
logistics logistic logistik logistika logistica logistiki lojistik spedition spedicija speditsia spedycja forwarding
 sped cargo freight express kurier courier shipping
trade trading trader traders trgovina trgovinsko targovia targovska trgovsko comert comercial commercial commerce
 handel handels kereskedelmi kereskedelem kereskedo torgovy torgovlia ticaret emporiki emporio promet tregti
import imports export exports impex importexport exim uvoz izvoz vnos iznos externe eksport ithalat ihracat
group grupa gruppe gruppa grup groupe holding holdings invest investment investments investicii investitii capital
company companies firma kompania companie kompanija compania enterprise enterprises enterprajz partners partner
international internacional internationale internacionalna global globalna worldwide world
consulting consult consultancy konsalting konsult advisory management menadzment
services service servis servisi serviz servicii usluge uslugi szolgaltato szolgaltatas uslugy services
construction constructions constructii construct stroy stroi stroitelstvo stroitelna gradnja gradevinarstvo bau
 epito epitoipari insaat stroitel kataskeves
production produkcija proizvodnja proizvodstvo productie prod manufacturing gyarto industry industries industrija
 industrial industrie ipari sanayi
auto autos automotive automobile car cars motors motor moto trucks truck
food foods hrana agro agri agricola farm farma fruit fruits fresh
travel tours tour tourism turizam turizm turism turist tourist reisen putovanja agency agencija agentsia agentia
security guard obezbedenje ohrana paza
energy energia energetika energija oil gas petrol petroleum fuel
technology technologies tech tehnologija tehnika technika technik it soft software systems system sistemi digital
staff staffing personal jobs job work workforce recruitment zaposljavanje zapošljavanje hr
market markets shop store stores retail wholesale veleprodaja maloprodaja
real estate imoti nekretnine imobiliare property properties immobilien
"""
"""Words of what firms do, in the region's languages: each line is one thing, a longer one goes on behind a blank."""

_USUAL = """
alfa alpha beta gama gamma delta omega sigma euro europa europe european balkan balkans danube dunav dunarea duna donau
adria adriatic black sea royal king star stars sun luna gold golden silver crystal diamond top best prima first one plus
max maxi mega super ultra pro nova novo new eko eco bio green blue red white city metro central centar center inter
national east west north south sever jug orient line lines way net media home house design style life med art master
elit elite lux smart quick fast speed sky air mar marin union alliance team sport family bros brothers sons sinove
"""
"""Words that many firms choose for a name."""


_MANY_SIGN, _USUAL_SIGN = "=", "~"
"""Before what stands for a word that many firms bear: so no other word falls together with it."""


def _heads() -> Iterator[tuple[str, str]]:
    for line in _MANY.strip().replace("\n ", " ").splitlines():
        head, *others = line.split()
        for word in (head, *others):
            yield word, f"{_MANY_SIGN}{head}"
    for word in _USUAL.split():
        yield word, f"{_USUAL_SIGN}{skeleton(word)}"


_TOKENS = dict(_heads())
MANY = frozenset(token for token in _TOKENS.values() if token.startswith(_MANY_SIGN))
"""What stands for words of what a firm does: transport, trade, import."""
USUAL = frozenset(_TOKENS.values()) - MANY
"""What stands for words that many firms choose for a name: alfa, euro, balkan."""


class BusinessName(Name):
    """The name of an organisation: its words are heard as those of firms, not as forms of given names."""

    light: ClassVar[frozenset[str]] = frozenset(word for word, token in _TOKENS.items() if token in MANY)
    alone: ClassVar[float] = 1.0

    @cached_property
    def skeletons(self) -> tuple[str, ...]:
        return tuple(_TOKENS.get(word) or skeleton(word) for word in self.words)


def business_name(written: str) -> BusinessName | None:
    """A name of an organisation in any script, without its legal form; None where nothing of it can be read."""
    written = written[:LONGEST_NAME]
    read = without_form(words(written))
    telling = tuple(word for word in read if word not in _JOINING)[:MOST_WORDS] or read[:MOST_WORDS]
    return BusinessName(telling, latin=is_latin(_letters_of(telling, written))) if telling else None


def _letters_of(telling: tuple[str, ...], written: str) -> str:
    """The letters of the words that tell: a legal form is often added in another script."""
    own = "".join(part for part in written.split() if not set(telling).isdisjoint(words(part)))
    return "".join(letter for letter in own or written if letter.isalpha())
