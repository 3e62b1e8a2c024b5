"""Every language says the same: no text is missing or left over, and no advice changes with it."""

import json
import re
from pathlib import Path

import pytest

from reddots.errors import KnowledgeError
from reddots.knowledge import Knowledge, load
from reddots.knowledge.stale_translations import texts_in
from reddots.knowledge.translation import SOURCE_LANGUAGE, languages, load_in, texts_of, translate
from reddots.triage.answers import parse_settings
from reddots.triage.assessment import assess

TRANSLATED = [code for code in languages() if code != SOURCE_LANGUAGE]
SHORT = 12  # characters: a unit, or a word that two languages may share
SAME_AS_ENGLISH: set[str] = set()  # names that are written alike, such as a Latin one
EMERGENCY_NUMBERS = ["112", "999", "911"]


def test_the_languages_there_are() -> None:
    assert languages()[0] == SOURCE_LANGUAGE
    assert {"es", "fr", "pt"} <= set(languages())


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_shipped_language_has_every_text_and_no_other(language: str) -> None:
    there, english = dict(texts_of(load_in(language))), dict(texts_of(load()))
    assert there.keys() == english.keys()


def numbers(text: str) -> list[float]:
    """Return the numbers in a text; half of Europe writes 0.5 as 0,5."""
    return sorted(float(n.replace(",", ".")) for n in re.findall(r"\d+(?:[.,]\d+)?", text))


def placeholders(text: str) -> list[str]:
    """Return the {placeholders} in a text."""
    return sorted(re.findall(r"{\w+}", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_numbers_and_placeholders_are_the_same(language: str) -> None:
    """Of the knowledge and of the page; a country's own numbers to call are its own."""
    english = texts_in(SOURCE_LANGUAGE)
    there = texts_in(language)
    own = ("page.emergency_number", "page.language", "numbers.")
    assert {k for k in english if not k.startswith(own)} == {
        k for k in there if not k.startswith(own)
    }
    differ = {
        key: (english[key], text)
        for key, text in there.items()
        if not key.startswith(own)
        and (numbers(text), placeholders(text))
        != (numbers(english[key]), placeholders(english[key]))
    }
    assert not differ


LOOSE = re.compile(r"(?<![\u00a0\u202f])[:;?!»%](?=\s|$)|«(?!\u00a0)|'")


def test_french_punctuation_keeps_to_its_word() -> None:
    """A no-break space stands before : ; ? ! » and after «, and the apostrophe is the curved one."""
    texts = texts_in("fr")
    assert not {
        key: text
        for key, text in texts.items()
        if LOOSE.search(text) and not key.endswith("also_called")  # its “; ” divides names
    }


def test_a_french_sentence_that_is_put_together_keeps_to_it_too() -> None:
    summary = assess(parse_settings([]), knowledge=load_in("fr")).guidance.summary
    assert ";" in summary, "several gates are open"
    assert not LOOSE.search(summary)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_left_in_english(language: str) -> None:
    english = dict(texts_of(load()))
    left = {
        key: text
        for key, text in texts_of(load_in(language))
        if text == english[key] and len(text) > SHORT and text not in SAME_AS_ENGLISH
    }
    assert not left


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_we_call_our_own_is_translated_behind_the_evidence_too(language: str) -> None:
    titles = {
        citation.source.title
        for entry in load().evidence.entries
        for citation in entry.sources.all
        if citation.source.kind == "own"
    }
    shown = {entry.source for entry in load_in(language).evidence.entries}
    assert titles
    assert not {text for text in shown if any(title in text for title in titles)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_only_words_differ(language: str) -> None:
    there, english = load_in(language), load()
    assert [q.values for q in there.questions.values()] == [
        q.values for q in english.questions.values()
    ]
    assert [(r.id, r.urgency, r.sources.ids) for r in there.rules.rules] == [
        (r.id, r.urgency, r.sources.ids) for r in english.rules.rules
    ]
    assert [(a.id, a.section, a.sources.ids) for a in there.guidance.advice] == [
        (a.id, a.section, a.sources.ids) for a in english.guidance.advice
    ]
    assert [c.prior for c in there.categories.values()] == [
        c.prior for c in english.categories.values()
    ]


# answers, who that is
PEOPLE = [
    ("", "nobody answered anything"),
    ("fever=yes blanches=no", "a fever with spots that stay under the glass"),
    ("age_years=0.1 fever=yes", "a baby of five weeks with a fever"),
    ("breathing_difficulty_or_face_swelling=not_sure itchy=yes", "perhaps a swelling face, and itch"),
    ("age_years=40 heparin_or_anticoagulant=yes bleeding_wont_stop=yes", "bleeding on a blood thinner"),
    ("age_years=9 sore_throat=yes joint_pain=yes", "a child with a sore throat and sore joints"),
    ("age_years=30 blanches=no easy_bruising=yes", "an adult who bruises easily"),
    ("age_years=35 blanches=no onset=days surface=flat size=pinpoint", "an adult with new pinpoint spots"),
    ("age_years=50 changed=yes surface=smooth_bump colour=red", "a red bump that has changed"),
    ("age_years=60 surface=smooth_bump colour=red onset=years changed=no bleeds_a_lot=no", "a red bump that has not"),
    ("age_years=16 surface=rough sites=upper_arms,thighs onset=years itchy=no", "rough upper arms for years"),
    ("age_years=25 injury_or_pressure=yes count=few blanches=yes onset=hours", "a few spots after a knock"),
    ("age_years=28 pregnant=yes blanches=not_sure", "pregnant, and not sure of the glass test"),
    ("onset=years sudden_crop=yes", "answers that hardly fit together"),
]  # fmt: skip


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize(("settings", "who"), PEOPLE, ids=[row[1] for row in PEOPLE])
def test_the_advice_is_the_same_in_every_language(settings: str, who: str, language: str) -> None:
    answers = parse_settings(settings.split())
    there, english = (assess(answers, knowledge=k) for k in (load_in(language), load()))
    assert there.urgency == english.urgency, who
    assert [r.rule for r in there.reasons] == [r.rule for r in english.reasons], who
    assert {c.category: c.probability for c in there.candidates} == {
        c.category: c.probability for c in english.candidates
    }, who
    assert there.next_questions == english.next_questions, who
    assert len(there.doubts) == len(english.doubts), who
    for section in ("do_now", "watch_for", "tell_the_doctor", "about"):
        mine, theirs = (getattr(a.guidance, section) for a in (there, english))
        assert len(mine) == len(theirs), f"{who}: {section}"


@pytest.mark.parametrize("language", [SOURCE_LANGUAGE, *TRANSLATED])
@pytest.mark.parametrize("advice", ["sum.emergency", "now.call", "watch.emergency"])
def test_emergency_texts_name_the_numbers_to_call(language: str, advice: str) -> None:
    guidance = load_in(language).guidance
    (text,) = [a.text for a in guidance.advice if a.id == advice]
    text = text.replace("{emergency}", guidance.numbers.emergency)
    for number in EMERGENCY_NUMBERS:
        assert number in text, f"{language}: {advice} must name {number}"


# language, key, words that must be there, why
EXACT = [
    ("es", "questions.blanches.text", "Pierden color, vaso de vidrio transparente", "the glass test is a question"),
    ("es", "questions.blanches.help", "responda no, piel morena o negra, palmas", "what counts as no, and where to look on dark skin"),
    ("es", "advice.now_glass.text", "prueba del vaso, apriete con fuerza", "the glass test has one name"),
    ("es", "questions.size.why", "petequias, púrpura, 2 mm, 3 mm", "the sizes of bleeding spots"),
    ("es", "questions.fever.help", "38 °C, 100.4 °F", "the limit of a fever"),
    ("es", "categories.keratosis_pilaris.name", "Queratosis pilar", "the first kind of spot"),
    ("es", "categories.cherry_angioma.name", "Angioma rubí", "the second"),
    ("es", "categories.cherry_angioma.also_called", "punto rubí", "and its everyday name"),
    ("es", "categories.rheumatic_fever.name", "Fiebre reumática", "the third"),
    ("es", "categories.vasculitis.name", "Vasculitis leucocitoclástica", "the fourth"),
    ("es", "categories.petechiae.name", "Petequias", "the fifth"),
    ("es", "screens.danger.why", "de inmediato", "a danger is as urgent as in English"),
    ("es", "advice.sum_same_day.text", "hoy", "so is a visit today"),
    ("es", "advice.sum_within_days.text", "dos días", "so is one within two days"),
    ("es", "advice.now_no_aspirin_child.text", "síndrome de Reye, médico", "no aspirin for a child"),
    ("es", "disclaimer.all.text", "no es un médico, diagnóstico", "what Red Dots is not"),
    ("es", "rules.leg_purpura_with_gut_bleeding.text", "sangrado bajo la piel, vasos sanguíneos", "no bloodstain, no drinking glass"),
    ("fr", "questions.blanches.text", "s’effacent, verre transparent", "the glass test is a question"),
    ("fr", "questions.blanches.help", "répondez non, peau brune ou noire, paumes", "what counts as no, and where to look on dark skin"),
    ("fr", "advice.now_glass.text", "test du verre, appuyez fort", "the glass test has one name"),
    ("fr", "questions.size.why", "pétéchies, purpura, 2 mm, 3 mm", "the sizes of bleeding spots"),
    ("fr", "categories.keratosis_pilaris.name", "Kératose pilaire", "the first kind of spot"),
    ("fr", "categories.cherry_angioma.name", "Angiome rubis", "the second"),
    ("fr", "categories.rheumatic_fever.name", "Rhumatisme articulaire aigu", "the third"),
    ("fr", "categories.vasculitis.name", "Vascularite leucocytoclasique", "the fourth"),
    ("fr", "categories.petechiae.name", "Pétéchies", "the fifth"),
    ("fr", "advice.sum_same_day.text", "aujourd’hui", "as urgent as in English"),
    ("fr", "advice.sum_within_days.text", "deux jours", "so is a visit within two days"),
    ("fr", "advice.now_no_aspirin_child.text", "syndrome de Reye, médecin", "no aspirin for a child"),
    ("fr", "disclaimer.all.text", "ni un médecin, diagnostic", "what Red Dots is not"),
    ("pt", "questions.blanches.text", "somem, copo de vidro transparente", "the glass test is a question"),
    ("pt", "questions.blanches.help", "responda não, pele morena ou negra, palmas", "what counts as no, and where to look on dark skin"),
    ("pt", "advice.now_glass.text", "teste do copo, aperte com força", "the glass test has one name"),
    ("pt", "questions.size.why", "petéquias, púrpura, 2 mm, 3 mm", "the sizes of bleeding spots"),
    ("pt", "categories.keratosis_pilaris.name", "Queratose pilar", "the first kind of spot"),
    ("pt", "categories.keratosis_pilaris.also_called", "ceratose pilar", "as Brazil writes it"),
    ("pt", "categories.cherry_angioma.name", "Angioma rubi", "the second"),
    ("pt", "categories.rheumatic_fever.name", "Febre reumática", "the third"),
    ("pt", "categories.vasculitis.name", "Vasculite leucocitoclástica", "the fourth"),
    ("pt", "categories.petechiae.name", "Petéquias", "the fifth"),
    ("pt", "advice.sum_same_day.text", "hoje", "as urgent as in English"),
    ("pt", "advice.sum_within_days.text", "dois dias", "so is a visit within two days"),
    ("pt", "advice.now_no_aspirin_child.text", "síndrome de Reye, médico", "no aspirin for a child"),
    ("pt", "rules.cancer_treatment_with_fever_or_unwell.text", "câncer (cancro)", "both Brazil and Portugal understand it"),
    ("es", "facts.rf_aspirin_warning.text", "médico, síndrome de Reye, puede matar", "the danger is as great"),
    ("es", "advice.now_no_ibuprofen.text", "no tome, pregunte antes", "a prescription is no leave"),
    ("es", "questions.mottled_or_blue_skin.text", "vetas como el mármol", "not any spots, which all have"),
    ("pt", "questions.mottled_or_blue_skin.text", "veios como o mármore", "not any spots, which all have"),
    ("fr", "questions.drowsy_or_confused.text", "somnolente", "drowsy, not asleep"),
    ("fr", "rules.child_with_sore_throat_and_spots.text", "vite besoin", "soon as in fast, not as in later"),
    ("pt", "rules.child_with_sore_throat_and_spots.text", "precisa logo", "soon as in fast, not as in later"),
    ("pt", "advice.sum_within_days.text", "no máximo", "within two days, not in two days"),
    ("fr", "rules.changing_spot.text", "dans les prochains jours", "within days, not for days"),
    ("pt", "disclaimer.all.text", "não é um médico, diagnóstico", "what Red Dots is not"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "key", "words", "why"), EXACT, ids=[f"{row[0]}: {row[3]}" for row in EXACT]
)
def test_a_language_uses_the_exact_words(language: str, key: str, words: str, why: str) -> None:
    text = dict(texts_of(load_in(language)))[key]
    for word in words.split(", "):
        assert word in text, f"{why}: {text}"


def test_an_unknown_language_gives_english() -> None:
    assert load_in("xx") is load()
    assert load_in("../es") is load()
    assert load_in(SOURCE_LANGUAGE) is load()


def test_a_language_is_read_once() -> None:
    assert load_in("es") is load_in("es")


Tables = dict[str, dict[str, dict[str, str]]]


@pytest.fixture
def tables() -> Tables:
    """The English texts as a translator gets them: table, entry, name."""
    made: Tables = {}
    for key, text in texts_of(load()):
        table, entry, name = key.split(".")
        made.setdefault(table, {}).setdefault(entry, {})[name] = text
    return made


def _translated(tables: Tables, folder: Path) -> Knowledge:
    lines = []
    for table, entries in tables.items():
        lines.append(f"[{table}]")
        for entry, values in entries.items():
            pairs = ", ".join(f"{k} = {json.dumps(v)}" for k, v in values.items())
            lines.append(f"{entry} = {{ {pairs} }}")
    path = folder / "texts.xx.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return translate(load(), path)


def test_a_text_of_each_table_is_replaced(tables: Tables, tmp_path: Path) -> None:
    for entries in tables.values():
        for values in entries.values():
            values.update({name: f"{text} ·" for name, text in values.items()})
    english = dict(texts_of(load()))
    assert dict(texts_of(_translated(tables, tmp_path))) == {
        k: f"{t} ·" for k, t in english.items()
    }


def test_names_of_a_category_are_told_apart(tables: Tables, tmp_path: Path) -> None:
    tables["categories"]["petechiae"]["also_called"] = "one; two, or three"
    knowledge = _translated(tables, tmp_path)
    assert tuple(knowledge.categories["petechiae"].also_called) == ("one", "two, or three")


# key, text (None takes it away), words that the message must have, why
BAD = [
    ("questions.fever.why", None, ["missing", "questions.fever.why"], "a missing text"),
    ("options.onset_hours.text", None, ["missing", "options.onset_hours.text"], "a missing answer"),
    ("rules.fever_with_non_fading_spots.text", None, ["missing", "rules.fever_with"], "half of a warning"),
    ("questions.measles.text", "x", ["unknown", "questions.measles.text"], "an unknown entry"),
    ("questions.fever.unit", "°C", ["unknown", "questions.fever.unit"], "a text that English leaves out"),
    ("rules.fever_with_non_fading_spots.urgency", "routine", ["unknown", "urgency"], "a language cannot change urgency"),
    ("facts.kp_age.text", "", ["facts.kp_age.text", "empty"], "an empty text"),
    ("facts.kp_age.text", " \n", ["facts.kp_age.text", "empty"], "a blank one"),
    ("unsure.full.text", "x", ["unsure.full.text", "placeholders"], "a placeholder is missing"),
    ("unsure.full.text", "x {question}", ["unsure.full.text", "placeholders"], "it has another name"),
    ("disclaimer.all.text", "x {questions}", ["disclaimer.all.text", "placeholders"], "English has none"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "text", "words", "why"), BAD, ids=[row[3] for row in BAD])
def test_texts_that_do_not_fit_are_named(  # by name
    tables: Tables, tmp_path: Path, key: str, text: str | None, words: list[str], why: str
) -> None:
    table, entry, name = key.split(".")
    values = tables[table].setdefault(entry, {})
    if text is None:
        del values[name]
    else:
        values[name] = text
    with pytest.raises(KnowledgeError) as caught:
        _translated(tables, tmp_path)
    for word in ["texts.xx.toml", *words]:
        assert word in str(caught.value), f"{why}: {caught.value}"


# a whole file, words that the message must have, why
BAD_FILES = [
    ("[questions", ["texts.xx.toml"], "it is not TOML"),
    ("", ["texts.xx.toml", "questions"], "it has no table"),
    ("[measles]\nx = 1\n", ["texts.xx.toml"], "it has another table"),
    ("questions = 1\n", ["texts.xx.toml", "questions"], "a table is a number"),
]


@pytest.mark.parametrize(("text", "words", "why"), BAD_FILES, ids=[row[2] for row in BAD_FILES])
def test_files_that_do_not_fit_are_named(
    tmp_path: Path, text: str, words: list[str], why: str
) -> None:
    path = tmp_path / "texts.xx.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        translate(load(), path)
    for word in words:
        assert word in str(caught.value), f"{why}: {caught.value}"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"texts\.xx\.toml: cannot be read"):
        translate(load(), tmp_path / "texts.xx.toml")


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_our_own_judgement_is_named_in_the_readers_language(language: str) -> None:
    """Titles of other people's pages stay as they are."""
    rules = {r.id: r for r in load_in(language).rules.rules}
    named = rules["very_unwell"].source
    assert "Red Dots" in named
    assert "judgement" not in named
    assert "NHS: Sepsis" in named
