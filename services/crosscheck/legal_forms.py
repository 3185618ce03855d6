"""Legal forms of organisations: what stands before or behind a name and tells no firm from another."""

from collections.abc import Sequence

from services.shared.names import words

_FORMS = """
GmbH, mbH, gGmbH, AG, KG, OHG, UG, e.U., e.K., e.V., GbR, KGaA, Gesellschaft mit beschränkter Haftung,
Aktiengesellschaft, Gesellschaft m.b.H., Kommanditgesellschaft, Offene Gesellschaft, eingetragener Verein, Ltd,
Limited, LLC, LLP, LP, PLC, Inc, Incorporated, Corp, Corporation, Co, CIC, JSC, PJSC, OJSC, CJSC, Limited Company,
Limited Liability Company, Joint Stock Company, public limited company, Sole Proprietor, d.o.o., j.d.o.o., d.d., k.d.,
d.n.o., j.t.d., s.p., a.d., o.d., p.r., s.z.r., s.t.r., s.u.r., доо, ад, дд, кд, од, пр, сзр, стр,
društvo s ograničenom odgovornošću, društvo sa ograničenom odgovornošću, друштво са ограниченом одговорношћу, obrt,
družba z omejeno odgovornostjo, dioničko društvo, akcionarsko društvo, акционарско друштво, delniška družba,
preduzetnik, ДООЕЛ, Друштво со ограничена одговорност, DOOEL, ДПТУ, Друштво за производство трговија и услуги,
sh.p.k., sh.a., P.T., N.SH., Ltd. sh.p.k., ООД, ЕООД, АД, ЕАД, ЕТ, СД, КД, КДА, ДЗЗД, OOD, EOOD, EAD, ET, SD, KDA,
DZZD, АДСИЦ, Дружество с ограничена отговорност, Еднолично дружество с ограничена отговорност, Акционерно дружество,
Едноличен търговец, Еднолично акционерно дружество, S.R.L., S.R.L.-D., S.A., S.N.C., S.C.S., S.C., P.F.A., I.I.,
Î.C.S., Î.I., Î.M., O.N.G., Societate cu răspundere limitată, Societatea cu răspundere limitată, Societate pe acțiuni,
Întreprindere individuală, persoană fizică autorizată, Kft, Korlátolt Felelősségű Társaság, Bt, Betéti Társaság, Zrt,
Nyrt, Rt, Kkt, e.v., Egyéni Vállalkozó, Kht, Nonprofit Kft, Zártkörűen Működő Részvénytársaság,
Nyilvánosan Működő Részvénytársaság, Részvénytársaság, Α.Ε., Ε.Π.Ε., Ο.Ε., Ε.Ε., Ι.Κ.Ε., Μ.Ι.Κ.Ε., ΑΒΕΕ, Α.Ε.Β.Ε.,
A.E., E.P.E., O.E., E.E., I.K.E., Ανώνυμη Εταιρεία, Εταιρεία Περιορισμένης Ευθύνης, Ιδιωτική Κεφαλαιουχική Εταιρεία,
Ltd. Şti., Limited Şirketi, A.Ş., Anonim Şirketi, Şti, Şirketi, Tic. Ltd. Şti., San. ve Tic. Ltd. Şti.,
San. Tic. Ltd. Şti., Sanayi ve Ticaret Limited Şirketi, Sanayi ve Ticaret Anonim Şirketi, San. ve Tic. A.Ş., ООО, ОАО,
ЗАО, ПАО, АО, ИП, ТОВ, ПрАТ, ПАТ, АТ, ФОП, ПП, ДП, OOO, OAO, ZAO, TOV, Общество с ограниченной ответственностью,
Товариство з обмеженою відповідальністю, Приватне підприємство, Индивидуальный предприниматель, Акционерное общество,
Фізична особа-підприємець, Приватне акціонерне товариство, sp. z o.o., sp.j., sp.k.,
spółka z ograniczoną odpowiedzialnością, spółka akcyjna, spółka jawna, spółka cywilna, s.r.o., spol. s r.o., a.s.,
v.o.s., k.s., společnost s ručením omezeným, spoločnosť s ručením obmedzeným, akciová společnost, S.r.l.s., S.p.A.,
S.a.s., S.s., Società a responsabilità limitata, Società per azioni, S.A.R.L., S.A.S., E.U.R.L., S.A.S.U.,
Société à responsabilité limitée, Société anonyme, S.L., S.L.U., Sociedad Limitada, Sociedad Anónima, Lda, Limitada,
B.V., N.V., V.O.F., BVBA, SPRL, SRL-BV, A/S, ApS, I/S, AB, HB, Oy, Oyj, ASA, SIA, UAB, MB, OÜ, SE, EEIG, EWIV, SCE
"""
"""Written by hand, as they are spelt where they are used: in the region, in the rest of Europe, and in English."""

_ANYWHERE = frozenset(
    (
        *(
            "gmbh",
            "ltd",
            "limited",
            "llc",
            "plc",
            "doo",
            "jdoo",
            "dooel",
            "ood",
            "eood",
            "ead",
            "srl",
            "kft",
            "zrt",
            "nyrt",
        ),
        *("shpk", "sarl", "sro", "ooo", "tov"),
    )
)
"""Forms that are no word of any name, wherever they stand: a branch says its place after them."""


def without_form(read: Sequence[str]) -> tuple[str, ...]:
    """The words of a name without its legal forms; all of them where nothing else would be left."""
    left = _letters_joined(read)
    while len(shorter := _shorter(left)) < len(left):
        left = shorter
    several = tuple(word for word in left if word not in _ANYWHERE)
    return several or left


def _shorter(read: tuple[str, ...]) -> tuple[str, ...]:
    for length in range(min(_LONGEST, len(read) - 1), 0, -1):
        if read[-length:] in _READ:
            return read[:-length]
        if read[:length] in _READ:
            return read[length:]
    return read


def _letters_joined(read: Sequence[str]) -> tuple[str, ...]:
    """Letters that stand alone as one word: d.o.o. is doo, S.R.L. is srl, and A & B is ab."""
    found: list[str] = []
    letters = ""
    for word in (*read, ""):
        if len(word) == 1:
            letters += word
            continue
        found += [part for part in (letters, word) if part]
        letters = ""
    return tuple(found)


_READ = frozenset(_letters_joined(words(one)) for one in _FORMS.replace("\n", " ").split(",")) - {()}
_LONGEST = max(map(len, _READ))
