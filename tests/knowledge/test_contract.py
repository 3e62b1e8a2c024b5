"""The knowledge has exactly the keys and values that the contract fixes."""

import tomllib

import pytest

from reddots._resources import folder
from reddots.knowledge import load

TRISTATE = {
    "person": "pregnant",
    "spots": "blanches spreading_fast sudden_crop itchy painful changed bleeds_a_lot "
    "worse_in_winter family_history recurrent",
    "body": "fever very_unwell drowsy_or_confused stiff_neck_or_light_hurts severe_headache "
    "breathing_difficulty_or_face_swelling chest_pain_or_breathless bleeding_wont_stop "
    "black_or_bloody_stool easy_bruising tiredness_or_pallor weight_loss_or_night_sweats "
    "sore_throat swollen_glands bloody_nasal_discharge joint_pain jerky_movements abdominal_pain "
    "vomiting blood_in_urine cough numbness weakness muscle_aches",
    "background": "recent_infection new_medicine new_food injury_or_pressure straining aspirin "
    "heparin_or_anticoagulant chemotherapy_or_radiotherapy blood_disorder immune_weak "
    "chemical_exposure travel_or_tick",
}
CHOICE = {
    "onset": "hours days weeks months years",
    "count": "one few many",
    "pattern": "scattered clustered rings band",
    "size": "pinpoint small large",
}
CHOICES = {
    "sites": "face eyelids mouth scalp neck chest abdomen back upper_arms elbows forearms hands "
    "palms buttocks groin thighs knees lower_legs feet soles wrists ankles armpits waist "
    "nappy_area genitals lips nails",
    "surface": "flat rough smooth_bump firm_bump blister_or_ulcer",
    "colour": "red purple brown skin",
}
CANDIDATES = (
    "keratosis_pilaris cherry_angioma petechiae vasculitis rheumatic_fever "
    "other_vascular other_rash mole_or_growth normal_skin"
)


# asked since the second clinical table, beside the contract's
NEW = {
    "tristate": "since_birth recent_vaccine cold_hands_or_feet mottled_or_blue_skin limb_pain "
    "fast_breathing fit one_sided_weakness long_hot_walk swollen_legs nosebleed_over_10_minutes "
    "head_injury sores_mouth_eyes_genitals red_eyes cracked_red_lips red_swollen_hands "
    "hot_swollen_joint jaundice heavy_periods tampon pain_under_ribs vision_trouble "
    "itchy_palms_or_soles moves_about feeds_poorly few_wet_nappies high_pitched_cry floppy "
    "bulging_soft_spot alcohol_or_liver_disease",
    "choice": "person sex skin_tone",
    "choices": "touched_by look contact_illness medicine_kind travelled_to",
    "number": "fever_days pregnancy_weeks",
}


def test_there_is_no_other_question() -> None:
    tristate = {key for keys in TRISTATE.values() for key in keys.split()}
    new = {key for keys in NEW.values() for key in keys.split()}
    assert set(load().questions) == tristate | new | {*CHOICE, *CHOICES, "age_years"}


@pytest.mark.parametrize("kind", NEW)
def test_new_questions_are_of_their_kind(kind: str) -> None:
    assert {load().questions[key].kind for key in NEW[kind].split()} == {kind}


@pytest.mark.parametrize("group", TRISTATE)
def test_yes_or_no_questions(group: str) -> None:
    for key in TRISTATE[group].split():
        question = load().questions[key]
        assert question.values == ("yes", "no", "not_sure"), key
        assert question.group == group, key


@pytest.mark.parametrize(("key", "values"), [*CHOICE.items(), *CHOICES.items()])
def test_choices(key: str, values: str) -> None:
    question = load().questions[key]
    assert question.kind == ("choice" if key in CHOICE else "choices")
    assert set(question.values) == set(values.split()), "exactly the contract's values"


def test_age() -> None:
    age = load().questions["age_years"]
    assert (age.kind, age.minimum, age.maximum) == ("number", 0, 120)


def test_categories() -> None:
    known = load()
    assert {c.id for c in known.candidates} == set(CANDIDATES.split())
    assert set(known.categories) - {c.id for c in known.candidates} == {"not_skin"}


# category, what the photo can say, its output
PHOTO = [
    ("keratosis_pilaris", "own", "keratosis_pilaris"),
    ("cherry_angioma", "own", "cherry_angioma"),
    ("petechiae", "shared", "purpura"),
    ("vasculitis", "shared", "purpura"),
    ("rheumatic_fever", "neutral", None),
    ("not_skin", "gate", "not_skin"),
]


@pytest.mark.parametrize(("category", "photo", "output"), PHOTO)
def test_what_the_photo_can_say(category: str, photo: str, output: str | None) -> None:
    known = load().categories[category]
    assert (known.photo, known.output) == (photo, output)


@pytest.mark.parametrize("category", ["petechiae", "vasculitis"])
def test_uncovered_categories_name_what_they_may_be_mistaken_for(category: str) -> None:
    assert {"other_rash", "other_vascular"} <= set(load().categories[category].mistaken_for)


def test_warning_answers() -> None:
    flags = {q.id: q.red_flag for q in load().questions.values() if q.red_flag}
    assert flags["blanches"] == "no", "spots that do not fade are the warning"
    body = {key: flags.get(key) for key in TRISTATE["body"].split()}
    assert all(flag == "yes" for flag in body.values()), "every body sign is a warning"


def test_every_entry_has_a_source() -> None:
    known = load()
    entries = [
        *known.questions.values(),
        *known.categories.values(),
        *(f for c in known.categories.values() for f in c.fact),
        *known.rules.rules,
        *known.rules.photo_rules,
        known.rules.default,
        *known.evidence.entries,
        *known.guidance.advice,
        *known.guidance.photo_problems.values(),
    ]
    assert len(entries) > 300, "the walk finds the knowledge"
    assert [e for e in entries if not e.source.strip()] == []


LISTS = {"emergency-number-list", "frequent-business-traveler"}


def test_most_countries_numbers_have_a_source_of_their_own() -> None:
    raw = tomllib.loads((folder("data") / "emergency_numbers.toml").read_text(encoding="utf-8"))
    checked = [
        country
        for line in raw["emergency"]
        if set(line["sources"]) - LISTS
        for country in line["countries"]
    ]
    assert len(checked) >= 40


# country, number; those that a list of the whole world had wrong, and a neighbour of each
NUMBERS = [("RS", "194"), ("ME", "124"), ("HR", "112"), ("gb", "999"), ("US", "911"), ("XX", "112")]


@pytest.mark.parametrize(("country", "number"), NUMBERS)
def test_the_number_for_an_ambulance(country: str, number: str) -> None:
    assert load().emergency_numbers.emergency_number(country) == number
