"""Every rule fires on its own picture, and does not on a near miss of it."""

import pytest

from reddots.knowledge import Urgency, load
from reddots.triage.answers import Answers, parse_settings
from reddots.triage.urgency import reasons_from_answers

# rule, answers that fire it, near miss that must not
TABLE = [
    ("fever_with_non_fading_spots", "age_years=30 fever=yes blanches=no", "age_years=30 fever=yes blanches=yes"),
    ("non_fading_spreading_fast", "age_years=30 blanches=no spreading_fast=yes", "age_years=30 blanches=yes spreading_fast=yes"),
    ("purple_patches_and_unwell", "age_years=30 colour=purple size=large very_unwell=yes", "age_years=30 colour=purple size=pinpoint very_unwell=yes"),
    ("non_fading_and_very_unwell", "age_years=30 blanches=no very_unwell=yes", "age_years=30 blanches=no very_unwell=no"),
    ("non_fading_with_meningitis_sign", "age_years=30 blanches=no stiff_neck_or_light_hurts=yes", "age_years=30 blanches=yes stiff_neck_or_light_hurts=yes"),
    ("fever_with_meningitis_signs", "age_years=30 fever=yes stiff_neck_or_light_hurts=yes", "age_years=30 fever=no stiff_neck_or_light_hurts=yes"),
    ("fever_with_severe_headache_and_vomiting", "age_years=30 fever=yes severe_headache=yes vomiting=yes", "age_years=30 fever=yes severe_headache=no vomiting=yes"),
    ("baby_under_3_months_with_fever", "age_years=0.2 fever=yes", "age_years=0.3 fever=yes"),
    ("newborn_with_many_or_spreading_spots", "age_years=0.02 count=many", "age_years=0.02 count=few"),
    ("child_drowsy_or_confused", "age_years=6 drowsy_or_confused=yes", "age_years=40 drowsy_or_confused=yes"),
    ("drowsy_or_confused", "age_years=40 drowsy_or_confused=yes", "age_years=40 drowsy_or_confused=no"),
    ("cancer_treatment_with_fever_or_unwell", "age_years=50 chemotherapy_or_radiotherapy=yes fever=yes", "age_years=50 chemotherapy_or_radiotherapy=yes fever=no"),
    ("bleeding_that_will_not_stop", "bleeding_wont_stop=yes", "bleeds_a_lot=yes"),
    ("black_or_bloody_stool", "black_or_bloody_stool=yes", "abdominal_pain=yes"),
    ("severe_headache", "severe_headache=yes", "severe_headache=no"),
    ("bleeding_signs_with_blood_thinner_or_non_fading_spots", "heparin_or_anticoagulant=yes severe_headache=yes", "heparin_or_anticoagulant=no severe_headache=yes"),
    ("breathing_difficulty_or_face_swelling", "breathing_difficulty_or_face_swelling=yes", "cough=yes"),
    ("strep_with_chest_pain_or_breathless", "sore_throat=yes chest_pain_or_breathless=yes", "sore_throat=no chest_pain_or_breathless=yes"),
    ("chest_pain_or_breathless", "chest_pain_or_breathless=yes", "muscle_aches=yes"),
    ("leg_purpura_with_gut_bleeding", "blanches=no sites=lower_legs abdominal_pain=yes black_or_bloody_stool=yes", "blanches=no sites=lower_legs abdominal_pain=yes black_or_bloody_stool=no"),
    ("child_with_new_non_fading_rash", "age_years=6 onset=hours blanches=no fever=no", "age_years=6 onset=hours blanches=yes fever=no"),
    ("new_medicine_with_fever_and_blisters", "new_medicine=yes surface=blister_or_ulcer fever=yes", "new_medicine=yes surface=rough fever=yes"),
    ("child_with_unexplained_petechiae", "age_years=6 blanches=no onset=weeks", "age_years=6 blanches=no onset=years changed=no surface=smooth_bump"),
    ("petechiae_with_marrow_signs", "age_years=40 blanches=no tiredness_or_pallor=yes", "age_years=40 blanches=yes tiredness_or_pallor=yes"),
    ("adult_petechiae_with_bleeding", "age_years=40 blanches=no easy_bruising=yes", "age_years=40 blanches=no easy_bruising=no"),
    ("pregnant_with_petechiae_and_bruising", "age_years=30 pregnant=yes blanches=no easy_bruising=yes", "age_years=30 pregnant=yes blanches=no easy_bruising=no"),
    ("leg_purpura_with_organ_signs", "age_years=30 blanches=no sites=lower_legs joint_pain=yes", "age_years=30 blanches=no sites=back joint_pain=yes"),
    ("palpable_purpura_with_other_signs", "age_years=50 blanches=no surface=firm_bump numbness=yes", "age_years=50 blanches=no surface=firm_bump numbness=no"),
    ("non_fading_with_organ_signs", "age_years=50 blanches=no blood_in_urine=yes", "age_years=50 blanches=yes blood_in_urine=yes"),
    ("painful_blisters_or_ulcers", "age_years=50 surface=blister_or_ulcer painful=yes", "age_years=50 surface=blister_or_ulcer painful=no"),
    ("sore_throat_with_joints_or_movements", "age_years=20 sore_throat=yes joint_pain=yes", "age_years=20 sore_throat=yes joint_pain=no"),
    ("jerky_movements", "age_years=9 jerky_movements=yes", "age_years=9 jerky_movements=no"),
    ("bloody_nasal_discharge_with_throat_signs", "age_years=9 bloody_nasal_discharge=yes swollen_glands=yes", "age_years=9 bloody_nasal_discharge=yes"),
    ("scarlet_fever_pattern", "age_years=9 sore_throat=yes fever=yes surface=rough", "age_years=9 sore_throat=yes fever=no surface=rough"),
    ("child_with_sore_throat_and_spots", "age_years=9 sore_throat=yes", "age_years=9 sore_throat=yes fever=no very_unwell=no"),
    ("petechiae_during_marrow_treatment", "age_years=50 blood_disorder=yes blanches=no", "age_years=50 blood_disorder=yes blanches=yes"),
    ("petechiae_on_blood_thinner_many_or_bleeding", "age_years=50 heparin_or_anticoagulant=yes blanches=no count=many", "age_years=50 heparin_or_anticoagulant=yes blanches=no count=few"),
    ("weak_immune_system_with_fever", "age_years=50 immune_weak=yes fever=yes", "age_years=50 immune_weak=yes fever=no"),
    ("child_with_spots_after_straining", "age_years=4 straining=yes sites=face fever=no very_unwell=no blanches=no", "age_years=4 straining=yes sites=feet"),
    ("non_fading_and_age_unknown", "blanches=no", "blanches=no age_years=40"),
    ("fever_and_glass_test_not_done", "age_years=40 fever=yes", "age_years=40 fever=yes blanches=yes"),
    ("fever_after_travel_or_tick", "age_years=40 fever=yes blanches=yes travel_or_tick=yes", "age_years=40 fever=no travel_or_tick=yes"),
    ("very_unwell", "age_years=40 very_unwell=yes", "age_years=40 very_unwell=no"),
    ("child_with_bloody_nasal_discharge", "age_years=8 bloody_nasal_discharge=yes", "age_years=40 bloody_nasal_discharge=yes"),
    ("stiff_neck_or_light_hurts", "age_years=40 stiff_neck_or_light_hurts=yes", "age_years=40 stiff_neck_or_light_hurts=no"),
    ("spreading_fast", "age_years=40 spreading_fast=yes", "age_years=40 spreading_fast=yes blanches=yes fever=no very_unwell=no"),
    ("spreading_fast_but_fading", "age_years=40 spreading_fast=yes blanches=yes fever=no very_unwell=no", "age_years=40 spreading_fast=no blanches=yes"),
    ("ring_after_tick_or_travel", "age_years=40 travel_or_tick=yes pattern=rings", "age_years=40 travel_or_tick=yes pattern=clustered"),
    ("perhaps_an_allergic_reaction", "age_years=21 breathing_difficulty_or_face_swelling=not_sure new_food=yes", "age_years=21 breathing_difficulty_or_face_swelling=not_sure new_food=no"),
    ("bloody_nasal_discharge", "age_years=40 bloody_nasal_discharge=yes", "age_years=40 bloody_nasal_discharge=no"),
    ("bruising_and_pallor", "age_years=40 easy_bruising=yes tiredness_or_pallor=yes", "age_years=40 easy_bruising=no tiredness_or_pallor=yes"),
    ("adult_with_new_non_fading_spots", "age_years=40 blanches=no onset=days", "age_years=40 blanches=no onset=years changed=no"),
    ("non_fading_pinpoint_spots", "age_years=40 colour=purple size=pinpoint surface=flat", "age_years=40 colour=red size=pinpoint surface=flat"),
    ("pregnant_with_non_fading_spots", "age_years=30 pregnant=yes blanches=no", "age_years=30 pregnant=yes blanches=yes"),
    ("leg_purpura_after_trigger", "age_years=40 colour=purple sites=lower_legs new_medicine=yes", "age_years=40 colour=purple sites=lower_legs new_medicine=no"),
    ("purpura_that_comes_back_or_lasts", "age_years=40 blanches=no recurrent=yes onset=months", "age_years=40 blanches=no onset=years surface=smooth_bump changed=no"),
    ("petechiae_on_aspirin_or_blood_thinner", "age_years=60 aspirin=yes blanches=no count=few", "age_years=60 aspirin=yes blanches=yes count=few"),
    ("weight_loss_or_night_sweats", "age_years=60 weight_loss_or_night_sweats=yes", "age_years=60 weight_loss_or_night_sweats=no"),
    ("newborn_with_a_few_spots", "age_years=0.01 count=few fever=no", "age_years=0.1 count=few fever=no"),
    ("baby_under_3_months_with_spots", "age_years=0.1 count=few fever=no", "age_years=0.5 count=few fever=no"),
    ("changing_spot", "age_years=60 changed=yes", "age_years=60 changed=no"),
    ("spot_that_bleeds_a_lot", "age_years=60 bleeds_a_lot=yes", "age_years=60 bleeds_a_lot=no"),
    ("many_angiomas_at_once", "age_years=60 sudden_crop=yes surface=smooth_bump count=many", "age_years=60 sudden_crop=yes surface=smooth_bump count=few"),
    ("child_well_with_sore_throat_and_spots", "age_years=9 sore_throat=yes fever=no very_unwell=no", "age_years=30 sore_throat=yes"),
    ("sore_throat_with_swollen_glands", "age_years=30 sore_throat=yes swollen_glands=yes", "age_years=30 sore_throat=yes swollen_glands=no"),
    ("fever_with_spots", "age_years=30 fever=yes blanches=yes", "age_years=30 fever=no blanches=yes"),
    ("easy_bruising", "age_years=30 easy_bruising=yes", "age_years=30 easy_bruising=no"),
    ("child_with_few_non_fading_spots_after_injury", "age_years=9 blanches=no injury_or_pressure=yes count=few fever=no very_unwell=no spreading_fast=no", "age_years=9 blanches=no injury_or_pressure=yes count=many fever=no very_unwell=no spreading_fast=no"),
    ("blood_in_urine", "age_years=30 blood_in_urine=yes", "age_years=30 blood_in_urine=no"),
    ("numbness_or_weakness", "age_years=30 weakness=yes", "age_years=30 weakness=no"),
    ("joint_pain_with_spots", "age_years=30 joint_pain=yes", "age_years=30 joint_pain=no"),
    ("weak_immune_system_or_blood_illness", "age_years=30 immune_weak=yes", "age_years=30 immune_weak=no"),
    ("new_medicine_with_new_rash", "age_years=30 new_medicine=yes onset=days", "age_years=30 new_medicine=yes onset=years"),
    ("blisters_or_ulcers", "age_years=30 surface=blister_or_ulcer", "age_years=30 surface=firm_bump"),
    ("adult_with_face_spots_after_straining", "age_years=30 straining=yes sites=face,neck fever=no very_unwell=no blanches=no onset=hours", "age_years=30 straining=yes sites=feet"),
    ("few_spots_after_injury", "age_years=30 blanches=no injury_or_pressure=yes count=few fever=no very_unwell=no spreading_fast=no", "age_years=30 blanches=no injury_or_pressure=yes count=few fever=no very_unwell=no"),
    ("adult_with_sore_throat_and_spots", "age_years=30 sore_throat=yes", "age_years=30 sore_throat=no"),
    ("old_non_fading_spots", "age_years=30 blanches=no onset=years changed=no", "age_years=30 blanches=yes onset=years changed=no"),
    ("typical_keratosis_pilaris", "age_years=15 surface=rough sites=upper_arms onset=years worse_in_winter=yes", "age_years=15 surface=rough sites=upper_arms onset=days"),
    ("typical_cherry_angioma", "age_years=50 surface=smooth_bump colour=red onset=years changed=no blanches=no", "age_years=50 surface=smooth_bump colour=red onset=years"),
    ("few_fading_spots_after_injury", "age_years=30 blanches=yes injury_or_pressure=yes count=few fever=no very_unwell=no spreading_fast=no", "age_years=30 blanches=yes injury_or_pressure=yes count=few fever=no"),
]  # fmt: skip


def settings(text: str) -> Answers:
    return parse_settings(text.split())


def fired(text: str) -> dict[str, Urgency]:
    return {r.rule: r.urgency for r in reasons_from_answers(settings(text), load())}


@pytest.mark.parametrize(("rule", "answers", "near_miss"), TABLE, ids=[row[0] for row in TABLE])
def test_rule_fires_on_its_picture_only(rule: str, answers: str, near_miss: str) -> None:
    level = next(r.urgency for r in load().rules.rules if r.id == rule)
    assert fired(answers).get(rule) == level, "the rule fires at its own level"
    assert rule not in fired(near_miss), "the near miss does not fire it"


def test_every_rule_has_a_row() -> None:
    assert {row[0] for row in TABLE} == {r.id for r in load().rules.rules}


# answers, the level they must end at, why
LEVELS = [
    ("", "routine", "nothing known is never self-care"),
    ("age_years=40 fever=no", "routine", "one harmless answer is not enough"),
    ("age_years=6 fever=yes blanches=no", "emergency", "the document's worst case"),
    ("age_years=6 fever=yes blanches=not_sure", "emergency", "unsure counts when fever points the same way"),
    ("age_years=6 fever=not_sure blanches=no", "emergency", "the same the other way round"),
    ("age_years=40 fever=not_sure blanches=not_sure", "same_day", "two unsure answers, nothing certain: one level lower"),
    ("age_years=40 breathing_difficulty_or_face_swelling=not_sure", "same_day", "unsure alone: one level lower"),
    ("age_years=6 blanches=not_sure onset=hours", "same_day", "a child's glass test that failed to tell"),
    ("age_years=4 straining=yes sites=face fever=no very_unwell=no blanches=no onset=hours", "same_day", "a well child's spots after vomiting are still reviewed"),
    ("age_years=30 straining=yes sites=face fever=no very_unwell=no blanches=no onset=hours", "routine", "a well adult's are not urgent"),
    ("age_years=30 blanches=no onset=days fever=no very_unwell=no", "within_days", "a well adult's new pinpoint spots: 48 hours"),
    ("age_years=60 aspirin=yes blanches=no count=few onset=months", "within_days", "few spots on aspirin"),
    ("age_years=15 surface=rough sites=upper_arms onset=years fever=not_sure", "within_days", "an unsure fever voids self-care and asks for the glass test"),
    ("age_years=15 surface=rough sites=upper_arms onset=years cough=not_sure", "routine", "any unsure red flag voids self-care"),
    ("age_years=15 surface=rough sites=upper_arms onset=years", "self_care", "typical keratosis pilaris"),
    ("age_years=50 surface=smooth_bump colour=red onset=years changed=no blanches=no", "self_care", "cherry angiomas often do not fade"),
    ("age_years=50 surface=smooth_bump colour=red onset=years changed=yes", "within_days", "a change is looked at"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "level", "why"), LEVELS)
def test_level(answers: str, level: str, why: str) -> None:
    assert max(fired(answers).values()).id == level, why
