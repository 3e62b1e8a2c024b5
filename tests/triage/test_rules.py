"""Every rule fires on its own picture, and does not on a near miss of it."""

import pytest

from any_case import CALM
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
    ("pregnant_with_non_fading_spots", "age_years=30 pregnant=yes blanches=no", "age_years=30 pregnant=yes blanches=yes"),
    ("leg_purpura_after_trigger", "age_years=40 colour=purple sites=lower_legs new_medicine=yes onset=days", "age_years=40 colour=purple sites=lower_legs new_medicine=yes onset=years"),
    ("purpura_that_comes_back_or_lasts", "age_years=40 blanches=no recurrent=yes onset=months", "age_years=40 blanches=no onset=years surface=smooth_bump changed=no"),
    ("petechiae_on_aspirin_or_blood_thinner", "age_years=60 aspirin=yes blanches=no count=few", "age_years=60 aspirin=yes blanches=yes count=few"),
    ("weight_loss_or_night_sweats", "age_years=60 weight_loss_or_night_sweats=yes", "age_years=60 weight_loss_or_night_sweats=no"),
    ("newborn_with_a_few_spots", "age_years=0.01 count=few fever=no", "age_years=0.01 count=few fever=no very_unwell=no blanches=yes"),
    ("baby_under_3_months_with_spots", "age_years=0.1 count=few fever=no", "age_years=0.5 count=few fever=no"),
    ("changing_spot", "age_years=60 changed=yes", "age_years=60 changed=no"),
    ("spot_that_bleeds_a_lot", "age_years=60 bleeds_a_lot=yes", "age_years=60 bleeds_a_lot=no"),
    ("many_angiomas_at_once", "age_years=60 sudden_crop=yes surface=smooth_bump count=many itchy=no", "age_years=60 sudden_crop=yes surface=smooth_bump count=many itchy=no touched_by=heat_or_sweat"),
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
    ("typical_keratosis_pilaris", f"{CALM} age_years=15 surface=rough sites=upper_arms onset=years worse_in_winter=yes", f"{CALM} age_years=15 surface=rough sites=upper_arms onset=days"),
    ("typical_cherry_angioma", f"{CALM} age_years=50 surface=smooth_bump colour=red onset=years changed=no", f"{CALM} age_years=50 surface=smooth_bump colour=red onset=years"),
    ("few_fading_spots_after_injury", f"{CALM} age_years=30 injury_or_pressure=yes count=few spreading_fast=no onset=hours size=small colour=red", f"{CALM} age_years=30 injury_or_pressure=yes count=few onset=hours size=small colour=red"),
    ("early_signs_of_blood_poisoning", "age_years=30 fever=yes very_unwell=yes limb_pain=yes blanches=yes", "age_years=30 fever=yes very_unwell=no limb_pain=yes blanches=yes"),
    ("sore_blisters_with_fever", "age_years=4 fever=yes painful=yes surface=blister_or_ulcer itchy=yes count=many blanches=yes", "age_years=4 fever=yes painful=no surface=blister_or_ulcer itchy=yes count=many blanches=yes"),
    ("very_ill_with_fever_and_no_glass_test", "age_years=30 fever=yes very_unwell=yes onset=hours", "age_years=30 fever=yes very_unwell=yes onset=hours blanches=yes"),
    ("non_fading_patches_in_an_acute_illness", "age_years=30 blanches=no size=large onset=hours limb_pain=yes", "age_years=30 blanches=no size=pinpoint onset=hours limb_pain=yes"),
    ("head_injury_on_a_blood_thinner", "age_years=70 heparin_or_anticoagulant=yes head_injury=yes", "age_years=70 heparin_or_anticoagulant=no head_injury=yes"),
    ("dengue_warning_signs", "age_years=30 fever=yes travelled_to=asia_or_pacific vomiting=yes", "age_years=30 fever=yes travelled_to=europe vomiting=yes"),
    ("one_sided_weakness", "age_years=60 one_sided_weakness=yes", "age_years=60 weakness=yes"),
    ("fit", "age_years=4 fit=yes", "age_years=4 fit=no"),
    ("new_medicine_with_skin_coming_off", "age_years=40 new_medicine=yes look=peeling fever=yes", "age_years=40 new_medicine=no look=peeling fever=yes"),
    ("new_medicine_very_ill", "age_years=40 new_medicine=yes fever=yes very_unwell=yes painful=yes", "age_years=40 new_medicine=yes fever=yes very_unwell=no painful=yes"),
    ("newborn_with_blisters", "age_years=0.03 look=clear_blisters fever=no", "age_years=0.2 look=clear_blisters fever=no"),
    ("newborn_with_spots_that_stay", "age_years=0.03 blanches=no count=few sites=chest", "age_years=0.03 blanches=yes count=few sites=chest"),
    ("baby_with_a_danger_sign", "age_years=0.5 floppy=yes", "age_years=0.5 floppy=no"),
    ("baby_ill_with_fever", "age_years=0.5 fever=yes feeds_poorly=yes", "age_years=0.5 fever=no feeds_poorly=yes"),
    ("toxic_shock", "age_years=20 tampon=yes fever=yes vomiting=yes", "age_years=20 tampon=no fever=yes vomiting=yes"),
    ("contact_with_meningitis_and_ill", "age_years=20 contact_illness=meningitis fever=yes", "age_years=20 contact_illness=meningitis fever=no"),
    ("fever_with_old_non_fading_spots", "age_years=9 fever=yes blanches=no onset=years changed=no", "age_years=9 fever=no blanches=no onset=years changed=no"),
    ("fever_with_changed_non_fading_spots", "age_years=40 fever=yes blanches=no onset=years changed=yes", "age_years=40 fever=yes blanches=no onset=years changed=no"),
    ("new_medicine_with_fever_and_sore_skin", "age_years=40 new_medicine=yes fever=yes swollen_glands=yes", "age_years=40 new_medicine=yes fever=no swollen_glands=yes"),
    ("new_medicine_with_sores", "age_years=40 new_medicine=yes sores_mouth_eyes_genitals=yes", "age_years=40 new_medicine=no sores_mouth_eyes_genitals=yes"),
    ("mark_on_a_baby_who_does_not_move_about", "age_years=0.5 moves_about=no look=bruise injury_or_pressure=yes", "age_years=0.8 moves_about=yes look=bruise injury_or_pressure=yes"),
    ("baby_who_is_not_well", "age_years=0.5 few_wet_nappies=yes", "age_years=0.5 few_wet_nappies=no"),
    ("ill_and_breathing_fast_or_cold", "age_years=30 fever=yes fast_breathing=yes blanches=yes", "age_years=30 fever=no fast_breathing=yes blanches=yes"),
    ("pregnant_with_signs_of_high_blood_pressure", "age_years=30 pregnant=yes pain_under_ribs=yes", "age_years=30 pregnant=no pain_under_ribs=yes"),
    ("at_risk_from_chickenpox", "age_years=30 pregnant=yes contact_illness=chickenpox_or_shingles", "age_years=30 pregnant=no contact_illness=chickenpox_or_shingles"),
    ("hot_swollen_joint", "age_years=30 hot_swollen_joint=yes", "age_years=30 joint_pain=yes"),
    ("kawasaki_signs", "age_years=3 fever=yes red_eyes=yes cracked_red_lips=yes", "age_years=3 fever=yes red_eyes=yes cracked_red_lips=no"),
    ("child_with_fever_for_five_days", "age_years=3 fever=yes fever_days=5", "age_years=3 fever=yes fever_days=4"),
    ("fever_with_spots_on_palms_or_soles", "age_years=30 fever=yes sites=palms blanches=yes", "age_years=4 fever=yes sites=palms,mouth blanches=yes very_unwell=no"),
    ("pale_child_with_other_signs", "age_years=9 tiredness_or_pallor=yes limb_pain=yes", "age_years=9 tiredness_or_pallor=yes limb_pain=no"),
    ("fever_with_peeling_skin", "age_years=9 fever=yes look=peeling", "age_years=9 fever=no look=peeling"),
    ("tampon_with_fever", "age_years=20 tampon=yes fever=yes", "age_years=20 tampon=yes fever=no"),
    ("band_near_the_eye", "age_years=60 pattern=band sites=face painful=yes", "age_years=60 pattern=band sites=back painful=yes"),
    ("painful_purple_toes_or_fingers", "age_years=71 colour=purple size=large painful=yes onset=days sites=feet", "age_years=71 colour=purple size=large painful=yes onset=days sites=feet injury_or_pressure=yes count=few fever=no very_unwell=no spreading_fast=no"),
    ("sore_skin_that_peels", "age_years=2 look=peeling painful=yes very_unwell=yes", "age_years=2 look=peeling painful=yes very_unwell=no spreading_fast=no"),
    ("long_nosebleed_with_bleeding_spots", "age_years=78 blanches=no onset=hours nosebleed_over_10_minutes=yes sites=mouth", "age_years=78 blanches=no onset=years changed=no nosebleed_over_10_minutes=yes sites=mouth"),
    ("scaly_rash_early_in_pregnancy", "age_years=30 pregnant=yes pregnancy_weeks=11 onset=weeks count=many look=scale", "age_years=30 pregnant=yes pregnancy_weeks=30 onset=weeks count=many look=scale"),
    ("itch_of_pregnancy_with_liver_signs", "age_years=35 pregnant=yes itchy_palms_or_soles=yes blood_in_urine=not_sure", "age_years=35 pregnant=yes itchy_palms_or_soles=yes blood_in_urine=no"),
    ("scaly_rash_in_pregnancy", "age_years=30 pregnant=yes onset=weeks count=many look=scale", "age_years=30 pregnant=yes onset=weeks count=few look=scale"),
    ("rash_of_palms_or_soles_and_body", "age_years=32 sites=palms,chest onset=weeks itchy=no swollen_glands=yes", "age_years=32 sites=palms,chest onset=weeks itchy=yes swollen_glands=yes"),
    ("long_nosebleed", "age_years=30 nosebleed_over_10_minutes=yes", "age_years=30 nosebleed_over_10_minutes=no"),
    ("heavy_periods_with_bleeding_spots", "age_years=30 heavy_periods=yes blanches=no", "age_years=30 heavy_periods=yes blanches=yes"),
    ("jaundice", "age_years=50 jaundice=yes", "age_years=50 jaundice=no"),
    ("head_injury", "age_years=30 head_injury=yes easy_bruising=yes", "age_years=30 head_injury=yes"),
    ("sores_with_fever", "age_years=30 sores_mouth_eyes_genitals=yes fever=yes", "age_years=30 sores_mouth_eyes_genitals=yes fever=no"),
    ("hot_sore_skin_that_spreads", "age_years=30 spreading_fast=yes painful=yes blanches=yes fever=no very_unwell=no", "age_years=30 spreading_fast=yes painful=no blanches=yes fever=no very_unwell=no"),
    ("child_with_likely_bleeding_spots", "age_years=9 onset=days surface=flat size=pinpoint colour=red itchy=no", "age_years=9 onset=days surface=flat size=pinpoint colour=red itchy=no blanches=yes"),
    ("likely_bleeding_spots", "age_years=40 onset=days surface=flat size=pinpoint colour=red itchy=no blanches=not_sure", "age_years=40 onset=days surface=rough size=pinpoint colour=red itchy=yes blanches=not_sure"),
    ("new_purple_or_non_fading_spots", "age_years=40 blanches=no onset=days", "age_years=40 blanches=no onset=years changed=no"),
    ("pale_or_tired_child", "age_years=9 tiredness_or_pallor=yes", "age_years=30 tiredness_or_pallor=yes"),
    ("itchy_palms_in_pregnancy", "age_years=30 pregnant=yes itchy_palms_or_soles=yes", "age_years=30 pregnant=yes itchy_palms_or_soles=no"),
    ("adult_with_chickenpox", "age_years=30 look=clear_blisters count=many", "age_years=30 look=clear_blisters count=few"),
    ("painful_band", "age_years=60 pattern=band painful=yes", "age_years=60 pattern=clustered painful=yes"),
    ("heavy_periods", "age_years=30 heavy_periods=yes", "age_years=30 heavy_periods=no"),
    ("patches_with_a_weak_immune_system", "age_years=40 immune_weak=yes colour=purple onset=months", "age_years=40 immune_weak=yes colour=red onset=months"),
    ("threads_with_a_liver_illness", "age_years=50 look=threads count=many alcohol_or_liver_disease=yes", "age_years=50 look=threads count=few alcohol_or_liver_disease=yes"),
    ("weals_that_bruise", "age_years=50 look=weal,bruise painful=yes", "age_years=50 look=weal painful=yes blanches=yes"),
    ("sores", "age_years=50 sores_mouth_eyes_genitals=yes", "age_years=50 sites=mouth"),
    ("perhaps_a_fever", "age_years=50 fever=not_sure onset=hours muscle_aches=yes", "age_years=50 fever=not_sure onset=years muscle_aches=yes"),
    ("sore_crusts", "age_years=5 look=crust painful=yes", "age_years=5 look=crust painful=no"),
    ("rash_that_may_be_scabies", "age_years=30 look=burrow_lines", "age_years=30 look=scale"),
    ("bites_at_home", f"{CALM} age_years=30 itchy=yes touched_by=insects onset=days", f"{CALM} age_years=30 itchy=yes touched_by=insects onset=days sites=palms"),
    ("hair_roots_at_home", f"{CALM} age_years=30 touched_by=shaving_or_waxing onset=days sites=groin look=pus_head", f"{CALM} age_years=30 touched_by=shaving_or_waxing onset=days sites=genitals look=pus_head"),
    ("acne_at_home", f"{CALM} age_years=17 look=pus_head sites=face onset=months", f"{CALM} age_years=17 look=pus_head sites=face onset=months surface=firm_bump"),
    ("heat_rash_at_home", f"{CALM} age_years=30 touched_by=heat_or_sweat onset=days sites=chest itchy=yes", f"{CALM} age_years=30 touched_by=heat_or_sweat onset=days sites=chest itchy=yes colour=purple"),
    ("contact_rash_at_home", f"{CALM} age_years=30 touched_by=new_soap_or_plant itchy=yes onset=days", f"{CALM} age_years=30 touched_by=new_soap_or_plant itchy=yes onset=days surface=blister_or_ulcer"),
    ("eczema_at_home", f"{CALM} age_years=30 itchy=yes look=scale sites=elbows onset=months", f"{CALM} age_years=30 itchy=yes look=scale,crust sites=elbows onset=months"),
    ("hives_at_home", f"{CALM} age_years=30 itchy=yes look=weal onset=hours", f"{CALM} age_years=30 itchy=yes look=weal onset=hours recurrent=yes"),
    ("nappy_rash_at_home", f"{CALM} age_years=0.5 sites=nappy_area onset=days surface=rough colour=red", f"{CALM} age_years=0.5 sites=buttocks onset=days surface=rough colour=red"),
    ("viral_rash_at_home", f"{CALM} age_years=6 recent_infection=yes count=many onset=days colour=red itchy=yes", f"{CALM} age_years=6 recent_infection=no count=many onset=days colour=red itchy=yes"),
    ("healed_marks_at_home", f"{CALM} age_years=30 look=healed_mark changed=no onset=months", f"{CALM} age_years=30 look=healed_mark changed=yes onset=months"),
    ("itchy_rash_at_home", f"{CALM} age_years=30 itchy=yes onset=days colour=red", f"{CALM} age_years=30 itchy=yes onset=days colour=red count=one size=large"),
    ("spider_naevus_at_home", f"{CALM} age_years=30 look=threads count=one sites=face changed=no onset=months", f"{CALM} age_years=30 look=threads count=many sites=face changed=no onset=months"),
]  # fmt: skip


def settings(text: str) -> Answers:
    given = dict(pair.split("=") for pair in text.split())  # the later of two answers counts
    return parse_settings(f"{question}={answer}" for question, answer in given.items())


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
    (f"{CALM} age_years=15 surface=rough sites=upper_arms onset=years", "self_care", "typical keratosis pilaris"),
    (f"{CALM} age_years=50 surface=smooth_bump colour=red onset=years changed=no", "self_care", "a typical cherry angioma"),
    (f"{CALM} age_years=50 surface=smooth_bump colour=red onset=years changed=no blanches=no", "routine", "one that does not fade is shown once, without haste"),
    ("age_years=50 surface=smooth_bump colour=red onset=years changed=yes", "within_days", "a change is looked at"),
    ("age_years=30 pregnant=yes pregnancy_weeks=30 vomiting=yes", "same_day", "vomiting in the second half of pregnancy"),
    ("sudden_crop=yes abdominal_pain=yes onset=months", "routine", "spots of months are not new, whatever else is said (law 8)"),
    ("age_years=30 pregnant=yes pregnancy_weeks=9 vomiting=yes", "routine", "in the first weeks it is common"),
    (f"{CALM} age_years=17 surface=rough sites=chest,upper_arms look=scale,crust onset=months colour=red", "routine", "crusts on chest and arms are no goose-bump skin"),
    (f"{CALM} age_years=0.3 moves_about=no since_birth=not_sure blanches=no onset=months sites=buttocks,back size=large surface=flat colour=brown count=few", "same_day", "patches of which nobody is sure that they are since birth"),
    (f"{CALM} age_years=0.3 moves_about=no since_birth=yes blanches=no onset=months sites=face size=large surface=flat colour=brown count=few", "same_day", "nor on the face"),
    (f"{CALM} age_years=40 touched_by=new_soap_or_plant itchy=yes surface=blister_or_ulcer count=few sites=forearms,face onset=days", "within_days", "blisters of the face after a plant"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "level", "why"), LEVELS)
def test_level(answers: str, level: str, why: str) -> None:
    assert max(fired(answers).values()).id == level, why


# answers, the highest level that is right, why more would be too much
OVER = [
    (f"{CALM} age_years=40 sudden_crop=yes surface=smooth_bump count=many itchy=yes onset=days", "routine", "many itchy bumps at once are no eruptive angiomas"),
    (f"{CALM} age_years=40 sudden_crop=yes surface=smooth_bump count=many itchy=no onset=days touched_by=heat_or_sweat", "routine", "nor are those of the heat"),
    (f"{CALM} age_years=40 surface=flat colour=red size=small onset=months changed=no blanches=no", "routine", "small flat angiomas of months"),
    (f"{CALM} age_years=9 surface=rough sites=upper_arms onset=years colour=red blanches=no", "routine", "a child's goose-bump skin that does not fade"),
    (f"{CALM} age_years=30 surface=blister_or_ulcer painful=yes sites=lips count=few", "routine", "a cold sore"),
    (f"{CALM} age_years=30 surface=blister_or_ulcer painful=yes sites=mouth count=one", "routine", "a mouth ulcer"),
    (f"{CALM} age_years=4 surface=blister_or_ulcer painful=yes sites=mouth,hands,feet count=many", "routine", "hand, foot and mouth disease"),
    (f"{CALM} age_years=30 touched_by=strap_or_massage blanches=no count=many spreading_fast=no onset=hours", "routine", "cupping explains many"),
    (f"{CALM} age_years=8 touched_by=strap_or_massage blanches=no count=few spreading_fast=no onset=hours", "within_days", "a strap on a child who moves about"),
    (f"{CALM} age_years=30 touched_by=insects look=puncture itchy=yes blanches=no spreading_fast=no onset=hours", "routine", "a bite with a dot of blood"),
    (f"{CALM} age_years=80 sites=forearms,hands size=large colour=purple onset=months look=bruise", "within_days", "bruises of thin skin"),
    (f"{CALM} age_years=40 sites=lower_legs colour=purple recent_infection=yes onset=years changed=no surface=smooth_bump", "within_days", "a cold last month explains no spot of years"),
    ("age_years=17 blanches=no onset=days fever=no very_unwell=no", "within_days", "sixteen is no child in the petechiae rules"),
    ("age_years=9 blanches=no onset=months changed=no fever=no very_unwell=no", "same_day", "a spot of a month is no emergency for not fading"),
    ("age_years=40 blanches=no onset=years changed=no fever=yes very_unwell=no", "same_day", "not even with a fever"),
    (f"{CALM} age_years=0.03 count=many", "routine", "a newborn's many spots that fade"),
    (f"{CALM} age_years=0.3 moves_about=no since_birth=yes blanches=no onset=months sites=buttocks,back size=large surface=flat colour=brown count=few", "routine", "slate-grey patches since birth are no bruises"),
    (f"{CALM} age_years=40 touched_by=new_soap_or_plant itchy=yes surface=blister_or_ulcer look=clear_blisters count=few sites=forearms onset=days", "routine", "a few itchy blisters where a plant touched the arm"),
    (f"{CALM} age_years=30 pregnant=yes blanches=not_sure bleeds_a_lot=yes count=one surface=firm_bump onset=weeks sites=hands", "within_days", "a lone bump that bleeds is no sign of low platelets"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "most", "why"), OVER, ids=[row[2] for row in OVER])
def test_it_is_not_more_urgent_than_need_be(answers: str, most: str, why: str) -> None:
    assert max(fired(answers).values()) <= Urgency.named(most), why
