"""Whoever edits the knowledge is told what is wrong with it, where, and in words."""

import shutil
from pathlib import Path

import pytest

from reddots._resources import folder
from reddots.errors import KnowledgeError
from reddots.knowledge import Urgency, read_knowledge

OWN = '["own-judgement"]'
RULE = """
[[rule]]
id = "x"
urgency = "same_day"
text = "x"
sources = ["own-judgement"]
all = ["fever"]
"""
PHOTO_RULE = """
[[photo_rule]]
id = "x"
urgency = "routine"
output = "normal_skin"
at_least = 0.5
text = "x"
sources = ["own-judgement"]
"""
PAIR = RULE.replace('"fever"', '"fever", "cough"')
CALM = RULE.replace("same_day", "self_care").replace('"fever"', '"onset=years"')
CONDITION = '\n[[condition]]\nid = "x"\nall = ["fever"]\n'
WEIGHT = '    { answers = ["not_sure"], category = "petechiae", word = "weak_for" },\n'
AGE = WEIGHT.replace('answers = ["not_sure"]', "range = [5, 16]")
ADVICE = '\n[[advice]]\nid = "x"\nsection = "do_now"\ntext = "x"\nsources = ["own-judgement"]\n'
FACT = '\n[[category.fact]]\nid = "x"\ntopic = "what"\ntext = "x"\nsources = ["own-judgement"]\n'
QUESTION = """
[[question]]
id = "x"
group = "body"
kind = "tristate"
order = 1
text = "x"
help = "x"
why = "x"
sources = ["own-judgement"]
"""
CONTRADICTION = """
[[contradiction]]
id = "x"
kind = "doubtful"
all = ["fever", "cough"]
text = "x"
sources = ["own-judgement"]
"""

# file, what is added at its end, words that the message must have, why
ADDED = [
    ("rules.toml", RULE + 'colour = "red"\n', ["colour"], "an unknown key"),
    ("rules.toml", RULE.replace('text = "x"\n', ""), ["text"], "a missing key"),
    ("rules.toml", RULE.replace("same_day", "soon"), ["soon"], "an unknown level"),
    ("rules.toml", RULE.replace(OWN, "[]"), ["sources", "that readers can see"], "a rule without a source"),
    ("rules.toml", RULE.replace(OWN, '["founding-document"]'), ["that readers can see"], "only the text that readers never see"),
    ("rules.toml", RULE.replace(OWN, '["nice-ng999"]'), ["nice-ng999", "no source"], "an unknown source"),
    ("rules.toml", RULE.replace(OWN, '["own-judgement", "own-judgement"]'), ["twice"], "one source twice"),
    ("rules.toml", RULE.replace(OWN, '["own-judgement,"]'), ["a comma and a place"], "a comma and no place"),
    ("rules.toml", RULE.replace(OWN, '"own-judgement"'), ["list of ids"], "sources that are no list"),
    ("rules.toml", RULE.replace("sources", "source"), ["source"], "a source that is no id"),
    ("rules.toml", RULE.replace('all = ["fever"]', ""), ["“x”", "no condition"], "a rule without a condition"),
    ("rules.toml", RULE.replace('"fever"', '"fevr"'), ["fevr", "does not exist"], "an unknown question"),
    ("rules.toml", RULE.replace('"fever"', '"@fever"'), ["@fever", "condition that does not exist"], "an unknown condition"),
    ("rules.toml", RULE + 'any = ["cough"]\nat_least = 2\n', ["“x”", "more conditions than it lists"], "two of one"),
    ("rules.toml", RULE + 'any = ["cough"]\nat_least = 0\n', ["“x”", "more conditions than it lists"], "none of one"),
    ("rules.toml", RULE + 'despite = ["fevr"]\n', ["“x”", "question that does not exist"], "an unknown question is overlooked"),
    ("rules.toml", RULE + 'unless = ["cough"]\n', ["“x”", "switched off by a red flag", "cough"], "a red flag would lower the urgency"),
    ("rules.toml", RULE + 'unless = ["cough=not_sure"]\n', ["“x”", "switched off by a red flag"], "so would an unsure one"),
    ("rules.toml", RULE + 'unless = ["blanches=no"]\n', ["“x”", "switched off by a red flag"], "and one whose warning is a no"),
    ("rules.toml", CONDITION + RULE + 'unless = ["@x"]\n', ["“x”", "switched off by a red flag"], "hidden in a named condition"),
    ("rules.toml", CALM.replace('"onset=years"', '"cough"'), ["“x”", "rests its reassurance on a red flag"], "a red flag would reassure"),
    ("rules.toml", CALM.replace('"onset=years"', '"cough=no|not_sure"'), ["“x”", "rests its reassurance on"], "an unsure one would"),
    ("rules.toml", CALM.replace('"onset=years"', '"cough=unknown"'), ["“x”", "rests its reassurance on"], "nothing known would"),
    ("rules.toml", RULE.replace('"fever"', '"onset=days", "onset=years"'), ["“x”", "no answers can fulfil"], "a rule that never holds"),
    ("rules.toml", RULE.replace('"fever"', '"age_years<5", "age_years>=6"'), ["“x”", "no answers can fulfil"], "an age that nobody has"),
    ("rules.toml", RULE + RULE, ["“x”", "twice"], "one id twice"),
    ("rules.toml", RULE.replace('id = "x"', 'id = "nothing_fits"'), ["nothing_fits", "twice"], "the id of the default rule"),
    ("rules.toml", CONDITION + CONDITION, ["“x”", "twice"], "one condition twice"),
    ("rules.toml", '\n[[condition]]\nid = "x"\n', ["“x”", "no condition"], "a condition of nothing"),
    ("rules.toml", '\n[[condition]]\nid = "x"\nall = ["@x"]\n', ["@x", "does not exist"], "a condition made of itself"),
    ("rules.toml", '\n[[condition]]\nid = "x"\nall = ["@y"]\n\n[[condition]]\nid = "y"\nall = ["@x"]\n', ["@y", "does not exist"], "conditions in a circle"),
    ("evidence.toml", f"fevr = [\n{WEIGHT}]\n", ["fevr", "no such question"], "evidence of an unknown question"),
    ("rules.toml", RULE.replace('text = "x"', 'text = "  "'), ["empty text", "text"], "a blank sentence"),
    ("rules.toml", RULE + 'despite = ["recurrent"]\n', ["“x”", "despite", "self-care"], "a key that only self-care rules read"),
    ("rules.toml", RULE.replace('"fever"', '"age_years<200"'), ["age_years<200", "0 to 120"], "older than anybody"),
    ("rules.toml", RULE.replace('"fever"', '"age_years>=0"'), ["age_years>=0", "0 to 120"], "an age that says nothing"),
    ("rules.toml", RULE.replace('"fever"', '"age_years<1.2.3"'), ["age_years<1.2.3", "0 to 120"], "an age that is no number"),
    ("rules.toml", RULE.replace('"fever"', '"severe_headache=yes"').replace("same_day", "routine"), ["“severe_headache”", "“x”", "same condition"], "a condition that a rule has already, written otherwise"),
    ("rules.toml", PAIR + PAIR.replace('id = "x"', 'id = "y"').replace("same_day", "routine"), ["“x”", "“y”", "same condition"], "one condition with two levels"),
    ("rules.toml", CONDITION, ["nothing asks for", "x"], "a condition that nothing asks for"),
    ("rules.toml", PHOTO_RULE.replace("normal_skin", "measles"), ["“x”", "measles", "no checkpoint has"], "an output that no checkpoint has"),
    ("rules.toml", PHOTO_RULE.replace("0.5", "1.5"), ["“x”", "at most 1"], "a probability above 1"),
    ("rules.toml", PHOTO_RULE.replace("0.5", "0"), ["“x”", "above 0"], "a probability that every photo has"),
    ("rules.toml", PHOTO_RULE.replace("normal_skin", "purpura"), ["“x”", "above 1"], "a likelihood ratio that every photo has"),
    ("rules.toml", PHOTO_RULE.replace("normal_skin", "purpura").replace("0.5", "50"), ["“x”", "above 1 and at most"], "a likelihood ratio above its cap"),
    ("rules.toml", PHOTO_RULE + "despite_calm = { feverish_child = 0.9 }\n", ["“x”", "no self-care rule"], "an exception to what is not calm"),
    ("rules.toml", PHOTO_RULE + "despite_calm = { typical_cherry_angioma = 0.4 }\n", ["“x”", "lower limit"], "an exception that raises more"),
    ("rules.toml", PHOTO_RULE + "despite_calm = { typical_cherry_angioma = 1.1 }\n", ["“x”", "at most 1"], "an exception that no photo reaches"),
    ("rules.toml", "\n[extra]\nx = 1\n", ["extra"], "an unknown table"),
    ("categories.toml", FACT.replace('text = "x"', 'text = ""'), ["empty text"], "an empty fact"),
    ("guidance.toml", ADVICE.replace('text = "x"', 'text = ""'), ["empty text"], "empty advice"),
    ("contradictions.toml", CONTRADICTION.replace('text = "x"', 'text = ""'), ["empty text"], "an empty message"),
    ("categories.toml", FACT + 'colour = "red"\n', ["colour"], "an unknown key in a fact"),
    ("categories.toml", FACT + FACT, ["“x”", "twice"], "one fact twice"),
    ("categories.toml", FACT.replace('sources = ["own-judgement"]\n', ""), ["sources"], "a fact without a source"),
    ("guidance.toml", ADVICE.replace("do_now", "never"), ["never"], "an unknown section"),
    ("guidance.toml", ADVICE + 'when = ["fevr"]\n', ["“x”", "fevr"], "an unknown question"),
    ("guidance.toml", ADVICE + 'categories = ["measles"]\n', ["“x”", "measles"], "an unknown category"),
    ("guidance.toml", ADVICE + 'levels = ["soon"]\n', ["soon"], "an unknown level"),
    ("guidance.toml", ADVICE + ADVICE, ["“x”", "twice"], "one advice twice"),
    ("guidance.toml", ADVICE.replace("do_now", "summary") + 'levels = ["routine"]\n', ["routine", "exactly one summary"], "two summaries"),
    ("questions.toml", QUESTION + 'tells_apart = ["petechiae"]\n', ["tells_apart"], "a key that nothing reads"),
    ("questions.toml", QUESTION.replace("tristate", "number") + "minimum = 5\nmaximum = 1\n", ["“x”", "minimum that is not below"], "limits turned round"),
    ("questions.toml", QUESTION + "minimum = 5\n", ["“x”", "no number"], "a limit of a yes or no"),
    ("questions.toml", QUESTION + '[[question.option]]\nid = "a"\ntext = "a"\n', ["“x”", "only a choice"], "options of a yes or no"),
    ("questions.toml", QUESTION.replace('id = "x"\n', 'id = ""\n'), ["empty text", "id"], "an empty id"),
    ("questions.toml", QUESTION.replace("tristate", "number"), ["“x”", "minimum and a maximum"], "a number without limits"),
    ("questions.toml", QUESTION.replace("tristate", "choice"), ["“x”", "two options"], "a choice without options"),
    ("questions.toml", QUESTION + 'red_flag = "yes"\n', ["“x”", "red_flag and points_to"], "a red flag that points nowhere"),
    ("questions.toml", QUESTION + 'points_to = ["heart"]\n', ["“x”", "red_flag and points_to"], "a direction without a red flag"),
    ("questions.toml", QUESTION + 'red_flag = "not_sure"\npoints_to = ["heart"]\n', ["not_sure"], "a red flag of doubt"),
    ("questions.toml", QUESTION.replace("tristate", "choice") + 'red_flag = "yes"\npoints_to = ["heart"]\n[[question.option]]\nid = "a"\ntext = "a"\n[[question.option]]\nid = "b"\ntext = "b"\n', ["“x”", "only a yes-or-no question"], "a red flag of a choice"),
    ("questions.toml", QUESTION.replace("tristate", "choice") + '[[question.option]]\nid = "a"\ntext = "a"\n' * 2, ["“a”", "twice"], "one option twice"),
    ("questions.toml", QUESTION + QUESTION, ["“x”", "twice"], "one question twice"),
    ("questions.toml", QUESTION, ["screens.toml", "['x']"], "a question that is on no screen"),
    ("screens.toml", '\n[[screen]]\nid = "x"\nquestions = ["fever"]\nsources = ["own-judgement"]\n', ["“fever”", "twice"], "a question on two screens"),
    ("screens.toml", '\n[[screen]]\nid = "x"\nquestions = ["fevr"]\nsources = ["own-judgement"]\n', ["fevr"], "an unknown question on a screen"),
    ("contradictions.toml", CONTRADICTION.replace(', "cough"', ""), ["“x”", "at least two terms"], "one answer contradicts nothing"),
    ("contradictions.toml", CONTRADICTION.replace('"cough"', '"cof"'), ["“x”", "cof"], "an unknown question"),
    ("contradictions.toml", CONTRADICTION.replace("doubtful", "odd"), ["odd"], "an unknown kind"),
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped knowledge, to be spoilt."""
    for name in ("sources.toml", "emergency_numbers.toml"):
        shutil.copy(folder("data") / name, tmp_path)
    return Path(shutil.copytree(folder("data") / "knowledge", tmp_path / "knowledge"))


@pytest.mark.parametrize(("name", "text", "words", "why"), ADDED, ids=[row[3] for row in ADDED])
def test_what_is_added_wrongly_is_named(
    data: Path, name: str, text: str, words: list[str], why: str
) -> None:
    path = data / name
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(data)
    for word in words:
        assert word in str(caught.value), f"{why}: {caught.value}"
    assert ".toml" in str(caught.value), "the message names the file"


# file, what is there, what is put in its place, words that the message must have, why
REPLACED = [
    ("categories.toml", "prior = 0.22", "prior = 0.32", ["sum to", "not to 1"], "shares above 1"),
    ("categories.toml", "prior = 0.02\n", "prior = 0.0\n", ["sum to"], "a share is missing"),
    ("categories.toml", 'output = "cherry_angioma"\n', "", ["cherry_angioma"], "an output that nobody has any more"),
    ("categories.toml", 'mistaken_for = ["other_rash", ', 'mistaken_for = ["measles", ', ["petechiae", "measles"], "an unknown output"),
    ("categories.toml", 'photo = "own"\noutput = "normal_skin"', 'photo = "own"', ["normal_skin", "needs an output"], "a photo that says nothing"),
    ("categories.toml", 'kind = "gate"', 'kind = "door"', ["door"], "an unknown kind"),
    ("evidence.toml", "weak_for = 2.0", "weak_for = 0.2", ["must fall"], "words out of order"),
    ("evidence.toml", "strong_against = 0.1", "strong_against = 0.0", ["must fall"], "a word that means never"),
    ("evidence.toml", '    { range = [16, 30], category = "cherry_angioma", word = "weak_against" },\n    { range = [16, 30], category = "rheumatic_fever", word = "weak_against" },\n', "", ["age_years", "gap", "from 16"], "ages without evidence"),
    ("guidance.toml", 'disclaimer = "', 'disclaimer = ""\nx = "', ["x"], "an unknown key of the file"),
    ("rules.toml", 'full = "You', 'full = ""\nx = "You', ["x"], "an unknown key of the sentences on doubt"),
    ("evidence.toml", "photo = 20.0", "photo = 0.5", ["limits", "above 1"], "a limit that turns evidence round"),
    ("evidence.toml", "bounds] # of numbers", "bounds]\nfever = [0, 1] # of numbers", ["[bounds]", "fever"], "bounds of an answer that is no number"),
    ("evidence.toml", "age_years = [0, 5", "age_years = [5", ["bounds", "age_years", "from 0 to 120"], "bounds that start too late"),
    ("evidence.toml", "16, 30, 120]", "30, 16, 120]", ["bounds", "must rise"], "bounds that do not rise"),
    ("evidence.toml", "16, 30, 120]", "16, 30, 120, 120]", ["bounds", "must rise"], "a bound that stands twice"),
    ("evidence.toml", "16, 30, 120]", "16, 30, 70, 120]", ["not from one of the bounds"], "a range across a bound"),
    ("evidence.toml", 'normal_skin = ["own-judgement"', 'measles = ["own-judgement"', ["[descriptions]", "measles", "normal_skin"], "descriptions of an unknown category"),
    ("guidance.toml", 'id = "sum.emergency"\nsection = "summary"', 'id = "sum.emergency"\nsection = "do_now"', ["emergency", "exactly one summary"], "a level without a summary"),
    ("rules.toml", '[default]\nid = "nothing_fits"', '[default]\nnumber = 1\nid = "nothing_fits"', ["number"], "an unknown key of the default"),
    ("rules.toml", "[default]", "[default", ["line"], "no TOML"),
    ("screens.toml", 'text = "Is any of these true right now?"\n', "", ["danger", "needs text and why"], "a checklist without a question"),
    ("screens.toml", 'fast_breathing = ["@perhaps_ill_or_baby"]', 'fast_breathing = ["@nobody"]', ["@nobody"], "an audience that does not exist"),
    ("screens.toml", 'pregnancy_weeks = ["pregnant=yes|not_sure"]', "pregnancy_weeks = []", ["pregnancy_weeks"], "an audience without a condition"),
    ("kinds.toml", 'category = "vasculitis"', 'category = "vasculitiss"', ["needs a condition and a category"], "a kind of nothing"),
    ("gates.toml", 'questions = ["blanches"]', 'questions = ["blanche"]', ["blanche"], "a gate without its question"),
    ("rules.toml", 'candidates = ["keratosis_pilaris"]', "candidates = []", ["must name its one category"], "self-care for no category"),
    ("rules.toml", 'likely = 0.5', "likely = 1.5", ["probability"], "a probability above 1 in a rule"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "words", "why"), REPLACED, ids=[row[4] for row in REPLACED]
)
def test_what_is_changed_wrongly_is_named(
    data: Path, name: str, old: str, new: str, words: list[str], why: str
) -> None:
    path = data / name
    text = path.read_text(encoding="utf-8")
    assert old in text, "the row is out of date"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(data)
    for word in words:
        assert word in str(caught.value), f"{why}: {caught.value}"


def test_a_candidate_that_nobody_can_have_is_named(data: Path) -> None:
    path = data / "categories.toml"
    text = path.read_text(encoding="utf-8")
    assert text.count("prior = 0.22\n") == 2, "the test is out of date"
    text = text.replace("prior = 0.22\n", "prior = 0.44\n", 1).replace(
        "prior = 0.22\n", "prior = 0.0\n"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="“other_rash” needs a prior above 0"):
        read_knowledge(data)


# question, line that is added to its evidence, words that the message must have, why
WEIGHTS = [
    ("fever", WEIGHT.replace("petechiae", "measles"), ["measles", "no such candidate"], "an unknown category"),
    ("fever", WEIGHT.replace("petechiae", "not_skin"), ["not_skin", "no such candidate"], "the gate is no candidate"),
    ("fever", WEIGHT.replace("not_sure", "maybe"), ["fever → petechiae", "yes, no, not_sure", "maybe"], "an unknown answer"),
    ("fever", WEIGHT.replace('["not_sure"]', "[]"), ["fever → petechiae", "legal is"], "no answer"),
    ("fever", WEIGHT.replace("weak_for", "sure"), ["sure"], "an unknown word"),
    ("fever", WEIGHT.replace(" },", ', judgement = true },'), ["judgement"], "an unknown key"),
    ("fever", WEIGHT.replace(" },", ', sources = ["x"] },'), ["source", "x"], "an unknown source"),
    ("fever", AGE, ["fever → petechiae", "legal is"], "a range of an answer that is no number"),
    ("fever", WEIGHT + WEIGHT.replace("for", "against"), ["fever → petechiae", "not_sure stands twice"], "for and against at once"),
    ("age_years", WEIGHT, ["age_years → petechiae", "a range such as"], "an age that is no range"),
    ("age_years", AGE.replace("5, 16", "16, 5"), ["age_years → petechiae", "[16, 5]", "bounds"], "a range turned round"),
    ("age_years", AGE.replace("5, 16", "30, 130"), ["[30, 130]", "bounds"], "older than anybody"),
    ("age_years", AGE.replace("5, 16", "5, 15"), ["[5, 15]", "bounds"], "a range that leaves half a year out"),
    ("age_years", AGE.replace("5, 16", "5, 30"), ["[5, 30]", "bounds"], "a range that overlaps others"),
    ("age_years", AGE + AGE, ["age_years → petechiae", "5 stands twice"], "one age twice"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "line", "words", "why"), WEIGHTS, ids=[row[3] for row in WEIGHTS]
)
def test_evidence_that_is_added_wrongly_is_named(
    data: Path, question: str, line: str, words: list[str], why: str
) -> None:
    add_evidence(data, question, line)
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(data)
    for word in ("evidence.toml", *words):
        assert word in str(caught.value), f"{why}: {caught.value}"


def add_evidence(data: Path, question: str, line: str) -> None:
    path = data / "evidence.toml"
    text = path.read_text(encoding="utf-8")
    assert f"\n{question} = [\n" in text, "the row is out of date"
    path.write_text(
        text.replace(f"\n{question} = [\n", f"\n{question} = [\n{line}"), encoding="utf-8"
    )


SOURCE = """
[x]
title = "X"
publisher = "Y"
link = "https://example.org"
read = 2026-11-29
"""

# what is added to sources.toml, words that the message must have, why
SOURCES = [
    (SOURCE, ["nothing cites x"], "a source that nothing cites"),
    (SOURCE.replace('title = "X"', 'title = ""'), ["“x”", "needs a title"], "no title"),
    (SOURCE.replace('title = "X"', 'title = "A; b"'), ["“x”", "semicolon"], "a title that looks like two"),
    (SOURCE.replace('publisher = "Y"\n', ""), ["“x”", "needs a publisher"], "nobody stands behind it"),
    (SOURCE.replace('link = "https://example.org"\n', ""), ["“x”", "either a link"], "nothing says where it is"),
    (SOURCE + 'no_link = "lost"\n', ["“x”", "either a link"], "a link and none"),
    (SOURCE.replace("https", "http"), ["“x”", "https://"], "a link that anybody can change on its way"),
    (SOURCE.replace("read = 2026-11-29\n", ""), ["read"], "nobody read it"),
    (SOURCE.replace("2026-11-29", '"soon"'), ["read"], "a day that is none"),
    (SOURCE + 'colour = "red"\n', ["colour"], "an unknown key"),
    (SOURCE + 'kind = "rumour"\n', ["rumour"], "an unknown kind"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "why"), SOURCES, ids=[row[2] for row in SOURCES])
def test_a_source_that_is_added_wrongly_is_named(
    data: Path, text: str, words: list[str], why: str
) -> None:
    path = data.parent / "sources.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read_knowledge(data)
    for word in ("sources.toml", *words):
        assert word in str(caught.value), f"{why}: {caught.value}"


FILES = ["categories", "questions", "evidence", "rules", "guidance", "screens", "contradictions"]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(data: Path, name: str) -> None:
    (data / f"{name}.toml").unlink()
    with pytest.raises(KnowledgeError, match=rf"{name}\.toml: cannot be read"):
        read_knowledge(data)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_text_is_named(data: Path, name: str) -> None:
    (data / f"{name}.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KnowledgeError, match=rf"{name}\.toml"):
        read_knowledge(data)


def test_what_is_added_rightly_is_read(data: Path) -> None:
    for name, text in [
        ("rules.toml", CONDITION + RULE.replace('"fever"', '"@x"')),
        ("categories.toml", FACT),
        ("guidance.toml", ADVICE + 'when = ["@x"]\nlevels = ["routine"]\n'),
        ("contradictions.toml", CONTRADICTION),
    ]:
        path = data / name
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    add_evidence(data, "fever", WEIGHT)
    known = read_knowledge(data)
    assert any(r.id == "x" for r in known.rules.rules)
    assert any(a.id == "x" for a in known.guidance.advice)


# level, next one down
LOWERED = [
    ("emergency", "same_day"),
    ("same_day", "within_days"),
    ("within_days", "routine"),
    ("routine", "self_care"),
    ("self_care", "self_care"),
]


@pytest.mark.parametrize(("level", "below"), LOWERED)
def test_levels(level: str, below: str) -> None:
    urgency = Urgency.named(level)
    assert urgency.lowered().id == below
    assert urgency.id == level
    assert urgency.see_doctor == (level != "self_care")


def test_an_unknown_level_is_no_level() -> None:
    with pytest.raises(KeyError):
        Urgency.named("soon")
