"""Forms of one name: as one language has it and as the next does, and names that are parted in many ways."""

import re
from collections.abc import Iterable, Iterator

_GROUPS = """
abdallah abdullah abdulla abdellah abdollah abdala
ahmad ahmed achmed ahmet ahmat
aisha aysha ayesha aicha
alexander aleksandr aleksander alexandr oleksandr aleksandar alexandre alessandro alejandro aliaksandr sasha
 alexandros iskander
alexei aleksei alexey aleksey oleksii oleksiy aliaksei alexis
ali aly alli
andrew andrei andrey andriy andrii andrej andre andreas andrea andres andrzej ondrej andras
anthony anton antonio antoni antonin antoine antony
arkady arkadiy arkadi
artem artyom artiom
bashir basheer bachir
bogdan bohdan
boris borys
catherine katherine ekaterina katarina katerina kateryna catalina caterina yekaterina
charles karl carlos carlo karel carl karol
daniel danil danylo danilo daniil danila
david dawid davyd daoud dawud dawood davud daud
denis denys dennis
dmitry dmitri dmitriy dmytro dimitri dmitrii dimitrij dzmitry dimitrios
edward eduard eduardo edouard
elena yelena olena helena helen alena
eugene yevgeny evgeny evgeni evgeniy yevgeniy yevhen evgenij jewgenij yauhen evgenii
fatima fatma fatimah fatemeh
fedor fyodor fiodor theodor theodore fedir teodor
francis francisco francesco franz francois frantisek franciszek
frederick friedrich frederic federico fredrik
gabriel jibril gibril djibril jabril gavriil
george georgi georgy jorge giorgio jiri georg georgiy heorhii yuri yury yuriy yurii iurii jurij juraj jerzy
 georgios gheorghe
grigory grigori grigoriy hryhorii gregory gregor gregorio
hamid hameed
hassan hasan hassane hacen
henry heinrich henri enrique enrico henrik
hussein husayn hussain husein hossein hussin houssein hosein huseyin hussayn hocine
ibrahim ebrahim abraham avraham ibrahima brahim abram avram
igor ihor
ilya ilia illia elias ilyas eliyahu ilija
ismail ismael esmail ismayil ishmael
ivan john johann johannes jan jean juan joao giovanni ioan ioannis jovan yahya yohanes hans yan ian jon sean johan
jacob jakob yaqub yakub yaakov yakov jakub iakov jacques yaqoob
jamal gamal djamel cemal djamal
james jaime jacobo
joseph josef yusuf yousef youssef yosef jose giuseppe iosif osip josip jozef yusif yousuf yusof usif
karim kareem kerim
khaled khalid halid chaled
kirill kyrylo cyril kiril
konstantin kostiantyn constantin constantine kostyantyn konstantinos
laurence lawrence lorenzo laurent lorenz lavrentiy
leo leonid lev leon
louis luis luigi ludwig luiz lodewijk ludovic
lucas lukas luke luca lukasz luka
mahmud mahmoud mahmood mehmood
maria mary marie mariya marija mariam maryam miriam mariia
mark marc marcus marko marco marek markus
martin martyn marcin
matthew matthias mateusz matteo mateo matvei matthieu matej matija matevz
maxim maksim maksym maxime
michael mikhail mykhailo michel michele miguel mihail mihai michal mikael mihajlo mikhael mykhaylo
mohammed muhammad mohammad mohamed muhammed mohamad mohd md muhamad mohamet mehmet mahomed muhamed mohammod
 mhd mouhamed magomed
musa moussa mousa moses moshe mose moises
mustafa mostafa moustafa mustapha mustafah
natalia natalya nataliya natalie natalija
nasir nasser naser nacer
nicholas nikolai nikolay mykola nicolas nikola nicolae nikolaos niccolo nicola mikalai nikolaj nicolai
oleg oleh
olga olha
omar umar omer
osama usama oussama
osman othman uthman usman ousmane
paul pavel pavlo pablo paolo pawel pal paulo pavol
peter pyotr petr petro pedro pietro pierre petar piotr petros petru
philip philippe felipe filip filippo filipp philipp pylyp
qasim kassem qassem kassim kasim qasem casim
rafael raphael rafal rafail rafa
rahim raheem
rashid rasheed rachid
raymond raimund ramon raimondo
richard ricardo riccardo ryszard rikard
robert roberto rupert
roman romain romanus
said saeed sayed sayyid saied seyed syed sayid
salah saleh salih
salim saleem selim selem
samuel shmuel samuil
sergei sergey serhii serhiy sergiy sergio serge sergej siarhei serghei sergii
sharif shareef cherif sherif
shlomo solomon suleiman sulayman sulaiman suleyman soleimani salomon soliman
simon semyon shimon simeon szymon semen
sophia sofia sophie zofia sofiya
stephen steven stefan stepan esteban stephane stjepan istvan stefano etienne szczepan
susan susana suzanne zuzana
tamara tamar
taras tarass
thomas tomas tomasz tommaso toma foma
timothy timofei timofey tymofii
vasily vasiliy vasyl basil vasil vasile basilio vasilij wasil
victor viktor vittorio wiktor
vincent vincenzo vicente vincenz
vladimir volodymyr uladzimir wladimir wlodzimierz
vyacheslav viacheslav vechislav
vitaly vitaliy vitalii vital
vsevolod wsewolod
william wilhelm guillermo guillaume guglielmo willem vilhelm
yaroslav jaroslav iaroslav jaroslaw
yulia julia iuliia yuliya giulia
zainab zeinab zaynab zeynep
"""
"""Written by hand: each line is one name, a longer one goes on behind a blank, and a word stands once."""

_ARTICLES = frozenset(
    {"al", "el", "ul", "ad", "ed", "ud", "ar", "er", "ur", "as", "es", "us", "az", "an", "en", "at", "a", "e", "i"}
)
_SERVANT = re.compile(r"^a?bd(?:[aeiou]?l|[aeiou](?=r|n|s|z|d|t))?([a-z]{4,})$")
_FAITH = re.compile(r"^([a-z]{2,}?)[aeiu]?(?:[aeiu]?[ld]|[aeiu])d+(?:i|e|ee|ie|y)ne?$")
_DIN = frozenset(
    {"din", "deen", "dine", "dien", "eddin", "eddine", "uddin", "aldin", "addin", "eldin", "aldeen", "uldin", "edine"}
)


def _heads() -> Iterator[tuple[str, str]]:
    for line in _GROUPS.strip().replace("\n ", " ").splitlines():
        head, *rest = line.split()
        for word in (head, *rest):
            yield word, head


FORMS = dict(_heads())
"""By a form of a name, the one that stands for it."""


def form(word: str) -> str:
    """The word that stands for this one, or itself."""
    return FORMS.get(word, word)


def parted_alike(words: Iterable[str]) -> tuple[str, ...]:
    """Words with what Arabic names join taken as one: abd al rahman, abdel rahman and abdurrahman; badr ad din."""
    found: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word in ("abd", "abdul", "abdel", "abdal", "abdol", "abed") and waiting:
            follows = waiting[0]
            if follows in _ARTICLES and len(waiting) > 1:
                waiting.pop(0)
                found.append(f"abdal{waiting.pop(0)}")
                continue
            if word not in ("abd", "abed") or (len(follows) > 4 and follows.startswith(("al", "el", "ul"))):
                found.append(_servant(f"abdul{waiting.pop(0)}"))
                continue
        if waiting and word not in _ARTICLES:
            if waiting[0] in _DIN:
                waiting.pop(0)
                found.append(f"{word}aldin")
                continue
            if len(waiting) > 1 and waiting[0] in _ARTICLES and waiting[1] in _DIN:
                del waiting[:2]
                found.append(f"{word}aldin")
                continue
        if word not in FORMS:
            word = _servant(_FAITH.sub(r"\1aldin", word) if len(word) > 6 else word)
        found.append(word)
    return tuple(found)


def _servant(word: str) -> str:
    joined = _SERVANT.match(word)
    return f"abdal{joined[1]}" if joined and word not in FORMS else word
