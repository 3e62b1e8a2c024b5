"""Every fact, question and warning of the document that Red Dots grew from has its place.

The checklist walks the document sentence by sentence and says in our own words what each of them
tells, where that lives under ``data/``, and which words must be there. Where the document itself is
at hand (``../shared/document.txt`` beside the checkout), the sentences are counted, and the data
files are searched for runs of words that were copied.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from any_case import CALM
from reddots._resources import folder
from reddots.knowledge import Urgency, load
from reddots.knowledge.evidence import Evidence
from reddots.triage.answers import parse_settings
from reddots.triage.assessment import assess

DOCUMENT = Path(__file__).resolve().parents[3] / "shared" / "document.txt"
COPIED = 7  # this many words in a row are no longer our own

# section, its heading or first words in the document, how many sentences it has
SECTIONS = {
    "intro": ("Tiny Red Dots on Skin", 5),
    "kp": ("Keratosis Pilaris", 7),
    "ca": ("Cherry Angioma or “Red Mole”", 8),
    "rf": ("Rheumatic Fever", 27),
    "lv": ("Leukocytoclastic Vasculitis", 14),
    "pe": ("When you see round", 12),
}

# section and sentence, what it says, where it lives, words (comma-separated, “a|b” for either) that
# must be there.
# Places: “fact id”, “category id”, “question id”, “rule id”, “advice id”, and “weight category
# question=answer”, whose words are those of the evidence.
CHECKLIST = [
    ("intro 1", "red dots have many causes", "advice about.general", "many causes"),
    ("intro 2", "some causes do no harm, others are dangerous", "advice about.general", "harmless, serious"),
    ("intro 3", "what counts is to know when a doctor is needed", "advice about.general", "know when, doctor"),
    ("intro 4", "the kinds of spots are told apart, each in turn", "question surface", "different causes"),
    ("intro 5", "the first cause: keratosis pilaris", "category keratosis_pilaris", "keratosis pilaris"),
    ("intro 5", "the second: cherry angioma", "category cherry_angioma", "cherry angioma"),
    ("intro 5", "the third: rheumatic fever", "category rheumatic_fever", "rheumatic fever"),
    ("intro 5", "the fourth: leukocytoclastic vasculitis", "category vasculitis", "leukocytoclastic vasculitis"),
    ("intro 5", "the fifth: petechiae", "category petechiae", "petechiae"),
    # ------------------------------------------------------------------ keratosis pilaris
    ("kp 1", "it shows as small red spots", "fact kp.rough_papules", "small, red, spots"),
    ("kp 1", "small spots speak for it", "weight keratosis_pilaris size=pinpoint", "for"),
    ("kp 2", "it is inherited", "fact kp.genetic", "families, genes"),
    ("kp 2", "so relatives are asked about", "question family_history", "same spots, keratosis pilaris"),
    ("kp 2", "and relatives who have it speak for it", "weight keratosis_pilaris family_history=yes", "for"),
    ("kp 2", "it comes from the roots of hairs", "fact kp.follicles", "hair follicles"),
    ("kp 3", "the bumps are small and rough", "fact kp.rough_papules", "rough, papules, bumps"),
    ("kp 3", "so people are asked how the spots feel", "question surface", "feel, rough"),
    ("kp 3", "and rough spots speak for it", "weight keratosis_pilaris surface=rough", "strong_for"),
    ("kp 4", "people call it goose bumps or chicken skin", "fact kp.names", "goose, chicken skin"),
    ("kp 4", "or goose bumps", "category keratosis_pilaris", "goose bumps"),
    ("kp 4", "or chicken bumps", "category keratosis_pilaris", "chicken skin, chicken bumps"),
    ("kp 4", "it sits on arms and thighs", "fact kp.where", "arms, upper thighs"),
    ("kp 4", "so people are asked where", "question sites", "upper arms, upper legs, places"),
    ("kp 4", "arms speak for it", "weight keratosis_pilaris sites=upper_arms", "for"),
    ("kp 4", "thighs speak for it", "weight keratosis_pilaris sites=thighs", "for"),
    ("kp 4", "the usual places go into the calm rule", "rule typical_keratosis_pilaris", "upper arms, thighs"),
    ("kp 5", "summer is kinder to it", "fact kp.summer", "summer, less"),
    ("kp 5", "winter is worse, because of dry skin", "fact kp.winter", "winter, dries, worse"),
    ("kp 5", "so people are asked about winter", "question worse_in_winter", "winter, dry, summer"),
    ("kp 5", "worse in winter speaks for it", "weight keratosis_pilaris worse_in_winter=yes", "strong_for"),
    ("kp 5", "and the reader is told", "advice about.kp_course", "summer, winter"),
    ("kp 6", "it ends by itself and does no harm", "fact kp.self_limited", "by itself"),
    ("kp 6", "it fades with the years", "fact kp.age", "harmless, fade, older"),
    ("kp 6", "the reader is told", "advice about.kp_course", "fades, years"),
    ("kp 6", "older people have it less", "weight keratosis_pilaris age_years=30", "against"),
    ("kp 7", "nothing cures it", "fact kp.no_cure", "no special treatment, cures"),
    ("kp 7", "creams and lotions that moisten help", "fact kp.moisturise", "creams, lotions, moist, feel better"),
    ("kp 7", "and the reader is told both", "advice now.moisturise", "moisturising, cream, lotion, no treatment cures"),
    # ------------------------------------------------------------------ cherry angioma
    ("ca 1", "they are common", "fact ca.common", "common"),
    ("ca 1", "they can be anywhere", "fact ca.anywhere", "anywhere, body"),
    ("ca 2", "mostly from the age of 30", "fact ca.age_30", "30 years, older"),
    ("ca 2", "so the age is asked", "question age_years", "how old"),
    ("ca 2", "30 or more speaks for them", "weight cherry_angioma age_years=30", "for"),
    ("ca 2", "a child speaks against them", "weight cherry_angioma age_years=5", "against"),
    ("ca 2", "they are also called senile angioma and red mole", "fact ca.names", "senile angioma, red mole"),
    ("ca 2", "under these names they are found", "category cherry_angioma", "senile angioma, red mole"),
    ("ca 3", "broken vessels inside make them red", "fact ca.vessels", "red, broken, blood vessels"),
    ("ca 3", "red speaks for them", "weight cherry_angioma colour=red", "for"),
    ("ca 4", "nobody knows the cause for certain", "fact ca.cause_unclear", "nobody knows, certain"),
    ("ca 4", "skin doctors think of genes", "fact ca.genetic", "skin doctors, genes"),
    ("ca 4", "so relatives are asked about", "question family_history", "cherry angiomas, families"),
    ("ca 4", "and speak for them", "weight cherry_angioma family_history=yes", "for"),
    ("ca 5", "some people are more prone to them", "fact ca.susceptible", "some people, more"),
    ("ca 6", "pregnancy brings more", "fact ca.pregnancy", "more often, pregnancy"),
    ("ca 6", "so it is asked about", "question pregnant", "pregnant, cherry angiomas"),
    ("ca 6", "and speaks for them", "weight cherry_angioma pregnant=yes", "for"),
    ("ca 6", "climate and chemicals are a possible link", "fact ca.climate_chemicals", "climate, chemicals"),
    ("ca 6", "so both are asked about", "question chemical_exposure", "chemicals, climate"),
    ("ca 6", "and speak for them", "weight cherry_angioma chemical_exposure=yes", "for"),
    ("ca 7", "they are usually no worry", "fact ca.harmless", "usually nothing to worry"),
    ("ca 7", "so unchanged ones are for home", "rule typical_cherry_angioma", "stayed the same, harmless"),
    ("ca 7", "so people are asked how long they have had them", "question onset", "how long, for years"),
    ("ca 7", "a new shape, colour or size is a worry", "fact ca.change", "shape, colour, size, doctor"),
    ("ca 7", "so a change is asked about", "question changed", "shape, colour, size"),
    ("ca 7", "and raises the urgency", "rule changing_spot", "shape, colour, size"),
    ("ca 7", "and the reader watches for it", "advice watch.change", "shape, colour, size, doctor"),
    ("ca 8", "one that bleeds a lot needs a doctor", "fact ca.bleeding", "bleeds a lot"),
    ("ca 8", "so bleeding is asked about", "question bleeds_a_lot", "bleed a lot, doctor"),
    ("ca 8", "and raises the urgency", "rule spot_that_bleeds_a_lot", "bleeds a lot"),
    ("ca 8", "and the reader watches for it", "advice watch.change", "bleeds a lot"),
    # ------------------------------------------------------------------ rheumatic fever
    ("rf 1", "it can show as red dots", "fact rf.dots", "tiny red dots"),
    ("rf 1", "it follows a strep throat", "fact rf.strep", "complication, strep throat"),
    ("rf 1", "so a sore throat is asked about", "question sore_throat", "sore throat, strep, rheumatic fever"),
    ("rf 1", "and speaks for it", "weight rheumatic_fever sore_throat=yes", "strong_for"),
    ("rf 2", "children have it more often", "fact rf.children", "children, more often, adults"),
    ("rf 3", "swollen lymph nodes are a sign", "fact rf.glands", "swollen glands"),
    ("rf 3", "so they are asked about", "question swollen_glands", "swollen glands, neck"),
    ("rf 3", "and speak for it", "weight rheumatic_fever swollen_glands=yes", "for"),
    ("rf 3", "a long sore throat is a sign", "fact rf.sore_throat", "sore throat, long"),
    ("rf 3", "both together are tested", "rule sore_throat_with_swollen_glands", "long sore throat, swollen glands, strep"),
    ("rf 4", "thick, bloody mucus from the nose is a sign", "fact rf.nose", "thick, mucus, blood, nose"),
    ("rf 4", "so it is asked about", "question bloody_nasal_discharge", "thick, bloody, nose"),
    ("rf 4", "and speaks for it", "weight rheumatic_fever bloody_nasal_discharge=yes", "for"),
    ("rf 5", "the doctor must hear of it right away", "fact rf.nose", "call the doctor right away"),
    ("rf 5", "so a child with it is seen the same day", "rule child_with_bloody_nasal_discharge", "right away"),
    ("rf 5", "and anybody with throat signs too", "rule bloody_nasal_discharge_with_throat_signs", "right away"),
    ("rf 5", "and the reader is told to call", "advice now.nose", "call, right away"),
    ("rf 6", "strep that is not treated soon leads to it", "fact rf.untreated", "strep throat, not treated soon"),
    ("rf 6", "so a child with sore throat is tested", "rule child_with_sore_throat_and_spots", "strep test soon, untreated strep"),
    ("rf 6", "and the reader asks for a test", "advice now.strep", "strep test, treated soon, rheumatic fever"),
    ("rf 7", "most patients are 5 to 15", "fact rf.age", "5 and 15"),
    ("rf 7", "that age speaks for it", "weight rheumatic_fever age_years=15.5", "for"),
    ("rf 7", "older children and adults get it too", "fact rf.adults", "older children, adults"),
    ("rf 7", "so an adult is tested too", "rule adult_with_sore_throat_and_spots", "adults can get rheumatic fever too"),
    ("rf 8", "the heart can be damaged for good", "fact rf.heart_damage", "without treatment, damage, heart, life"),
    ("rf 8", "a stroke can follow", "fact rf.stroke", "without treatment, stroke"),
    ("rf 8", "it can kill", "fact rf.death", "without treatment, deadly"),
    ("rf 8", "the reader is told all three", "advice about.rf_danger", "without treatment, heart damage, stroke, death"),
    ("rf 8", "signs of the heart are an emergency", "rule strep_with_chest_pain_or_breathless", "rheumatic fever, heart"),
    ("rf 9", "a throat culture looks for the bacteria", "fact rf.culture", "throat culture, bacteria"),
    ("rf 10", "it is unpleasant but safe", "fact rf.culture_harmless", "unpleasant, no risk"),
    ("rf 10", "the reader is told", "advice about.rf_tests", "unpleasant but does no harm"),
    ("rf 11", "it is a wipe of mucus, read in a laboratory", "fact rf.swab", "mucus, throat, laboratory"),
    ("rf 12", "it takes about a day", "fact rf.culture_day", "growing, about a day"),
    ("rf 13", "a rapid test takes five minutes", "fact rf.rapid", "rapid strep test, five minutes"),
    ("rf 13", "and is less sure than a culture", "fact rf.rapid", "less accurate, culture"),
    ("rf 13", "the reader is told about both tests", "advice about.rf_tests", "rapid test, five minutes, culture, a day, more accurate"),
    ("rf 14", "the doctor examines the child", "fact rf.exam", "doctor, examines"),
    ("rf 15", "and listens to the heart's valves", "fact rf.murmur", "listening, heart, valves"),
    ("rf 16", "a murmur is what is heard then", "fact rf.murmur", "murmur, sound"),
    ("rf 16", "the reader is told", "advice about.rf_exam", "heart murmur"),
    ("rf 17", "and looks for other signs", "advice about.rf_exam", "joints, skin"),
    ("rf 18", "dots over the joints, the elbows above all", "fact rf.elbows", "joints, above all, elbows"),
    ("rf 18", "so elbows can be named", "question sites", "elbows, knees"),
    ("rf 18", "and speak for it", "weight rheumatic_fever sites=elbows", "for"),
    ("rf 18", "and raise the urgency after a sore throat", "rule sore_throat_with_joints_or_movements", "spots over the joints"),
    ("rf 19", "one joint or several can be inflamed", "fact rf.arthritis", "one or more joints, inflamed"),
    ("rf 19", "so joints are asked about", "question joint_pain", "joints, sore, swollen"),
    ("rf 19", "and speak for it", "weight rheumatic_fever joint_pain=yes", "for"),
    ("rf 19", "and raise the urgency after a sore throat", "rule sore_throat_with_joints_or_movements", "sore joints"),
    ("rf 20", "there are several treatments, a doctor's choice", "advice about.rf_medicines", "doctor may prescribe"),
    ("rf 21", "medicines against inflammation ease the pain", "fact rf.anti_inflammatory", "pain, medicines|drugs, against, inflammation"),
    ("rf 22", "aspirin and naproxen are the usual ones", "fact rf.anti_inflammatory", "most often, aspirin, naproxen"),
    ("rf 22", "yet no child is given aspirin without a doctor", "fact rf.aspirin_warning", "never, child, aspirin, reye"),
    ("rf 22", "and the reader is warned", "advice now.no_aspirin_child", "child, aspirin, unless a doctor, reye"),
    ("rf 23", "antibiotics treat the infection", "fact rf.antibiotics", "antibiotics, infection"),
    ("rf 23", "and keep it from coming back", "fact rf.antibiotics", "coming back"),
    ("rf 23", "so they are taken to the end", "advice now.finish_antibiotics", "antibiotics, last one"),
    ("rf 24", "steroids calm the inflammation", "fact rf.steroids", "steroids, inflammation"),
    ("rf 25", "a medicine against seizures for unwanted movements", "fact rf.movements", "moves on its own|movements, against seizures"),
    ("rf 25", "only while it helps", "fact rf.movements", "as long as|until"),
    ("rf 25", "so jerky movements are asked about", "question jerky_movements", "jerky movements, cannot control"),
    ("rf 25", "and speak for it", "weight rheumatic_fever jerky_movements=yes", "strong_for"),
    ("rf 25", "and raise the urgency", "rule jerky_movements", "jerky movements, today"),
    ("rf 26", "much rest until inflammation, dots and pain are gone", "fact rf.rest", "rest, inflammation, dots, pain"),
    ("rf 26", "the reader is told to rest", "advice now.rest", "rest, pain, spots"),
    ("rf 27", "weeks of rest when the heart has suffered", "fact rf.rest_heart", "heart, few weeks"),
    # ------------------------------------------------------------------ leukocytoclastic vasculitis
    ("lv 1", "it is known as hypersensitivity vasculitis", "fact lv.names", "hypersensitivity vasculitis"),
    ("lv 1", "under this name it is found", "category vasculitis", "hypersensitivity vasculitis"),
    ("lv 2", "small vessels are inflamed", "fact lv.inflammation", "small blood vessels, inflamed"),
    ("lv 3", "the name is for remains of immune cells in vessel walls", "fact lv.word", "name, remains, immune cells, vessel walls"),
    ("lv 4", "it is not only an illness of the skin", "fact lv.not_only_skin", "more than the skin"),
    ("lv 4", "the kidneys", "fact lv.kidneys", "kidneys"),
    ("lv 4", "the lungs", "fact lv.lungs", "lungs"),
    ("lv 4", "the heart", "fact lv.heart", "heart"),
    ("lv 4", "stomach and gut", "fact lv.gut", "stomach, gut"),
    ("lv 4", "brain and spinal cord", "fact lv.nerves", "brain, spinal cord"),
    ("lv 4", "the reader is told of the organs", "advice about.lv_tests", "kidneys, lungs, heart, gut, nerves"),
    ("lv 5", "vessels in the skin are damaged and leak", "fact lv.leaky", "damaged, leak"),
    ("lv 6", "the leaks are palpable purpura", "fact lv.palpable", "tiny, red dots, palpable purpura"),
    ("lv 6", "raised spots speak for it", "weight vasculitis surface=firm_bump", "for"),
    ("lv 7", "the legs are the usual place", "fact lv.legs", "most common, legs"),
    ("lv 7", "so legs speak for it", "weight vasculitis sites=lower_legs", "for"),
    ("lv 8", "often there is no trouble but itch and pain", "fact lv.itch_pain", "no trouble, itching, pain"),
    ("lv 8", "so itch is asked about", "question itchy", "itch"),
    ("lv 8", "so pain is asked about", "question painful", "hurt"),
    ("lv 8", "pain speaks for it", "weight vasculitis painful=yes", "for"),
    ("lv 9", "blisters that open come with the severe kind", "fact lv.blisters", "more severe, blisters, sores"),
    ("lv 9", "they are larger and can hurt", "fact lv.blisters_big", "bigger than the dots, hurt"),
    ("lv 9", "so blisters and sores can be named", "question surface", "blisters or open sores"),
    ("lv 9", "and speak for it", "weight vasculitis surface=blister_or_ulcer", "for"),
    ("lv 9", "and are seen the same day when they hurt", "rule painful_blisters_or_ulcers", "painful blisters, sores, today"),
    ("lv 10", "a cough", "fact lv.cough", "coughing"),
    ("lv 10", "a cough is asked about", "question cough", "cough, inflamed vessels, lungs"),
    ("lv 10", "and speaks for it", "weight vasculitis cough=yes", "for"),
    ("lv 10", "numb places", "fact lv.numbness", "numbness"),
    ("lv 10", "numb places are asked about", "question numbness", "numb, inflamed vessels, nerves"),
    ("lv 10", "and speak for it", "weight vasculitis numbness=yes", "for"),
    ("lv 10", "weakness", "fact lv.weakness", "weakness"),
    ("lv 10", "weakness is asked about", "question weakness", "weak, inflamed vessels"),
    ("lv 10", "and speaks for it", "weight vasculitis weakness=yes", "for"),
    ("lv 10", "blood in the urine", "fact lv.urine", "blood in the urine"),
    ("lv 10", "blood in the urine is asked about", "question blood_in_urine", "blood in the urine, kidneys"),
    ("lv 10", "and speaks for it", "weight vasculitis blood_in_urine=yes", "for"),
    ("lv 10", "a fever", "fact lv.fever", "fever"),
    ("lv 10", "a fever is asked about", "question fever", "fever"),
    ("lv 10", "and speaks for it", "weight vasculitis fever=yes", "for"),
    ("lv 10", "aching muscles", "fact lv.muscles", "muscles"),
    ("lv 10", "aching muscles are asked about", "question muscle_aches", "muscles ache, inflamed vessels"),
    ("lv 10", "and speak for it", "weight vasculitis muscle_aches=yes", "for"),
    ("lv 10", "pain in the belly", "fact lv.belly", "belly pain"),
    ("lv 10", "belly pain is asked about", "question abdominal_pain", "belly pain, inflamed vessels, gut"),
    ("lv 10", "and speaks for it", "weight vasculitis abdominal_pain=yes", "for"),
    ("lv 10", "vomiting", "fact lv.vomiting", "vomiting"),
    ("lv 10", "vomiting is asked about", "question vomiting", "vomiting"),
    ("lv 10", "and speaks for it", "weight vasculitis vomiting=yes", "for"),
    ("lv 10", "with raised spots they raise the urgency", "rule palpable_purpura_with_other_signs", "other organs"),
    ("lv 10", "and the reader watches for them", "advice watch.organs", "belly pain, blood in the urine, cough, numb, weak, fever, blisters"),
    ("lv 11", "the doctor takes the whole history", "fact lv.history", "whole medical history"),
    ("lv 11", "and chooses what fits best", "fact lv.history", "treatment that fits"),
    ("lv 11", "so the reader brings it along", "advice tell.history", "whole medical history, right treatment"),
    ("lv 12", "it fades once a food, medicine or infection is gone", "fact lv.trigger", "food, medicine, infection, fade, gone"),
    ("lv 12", "so new foods are asked about", "question new_food", "new, inflamed vessels"),
    ("lv 12", "so new medicines are asked about", "question new_medicine", "new medicine, inflamed vessels"),
    ("lv 12", "so infections are asked about", "question recent_infection", "infection, inflamed vessels"),
    ("lv 12", "a food speaks for it", "weight vasculitis new_food=yes", "for"),
    ("lv 12", "a medicine speaks for it", "weight vasculitis new_medicine=yes", "for"),
    ("lv 12", "an infection speaks for it", "weight vasculitis recent_infection=yes", "for"),
    ("lv 12", "and the reader writes them down", "advice now.trigger", "medicine, food, illness, fade, gone"),
    ("lv 12", "and legs with a trigger are checked", "rule leg_purpura_after_trigger", "legs, medicine, food, infection"),
    ("lv 13", "lasting or returning spots need another look", "fact lv.chronic", "lasts, comes back, other causes"),
    ("lv 13", "so a return is asked about", "question recurrent", "come back, cause"),
    ("lv 13", "and speaks for it", "weight vasculitis recurrent=yes", "for"),
    ("lv 13", "and raises the urgency", "rule purpura_that_comes_back_or_lasts", "come back, cause"),
    ("lv 14", "with inner organs, medicines for the immune system", "fact lv.medicines", "inner organs, steroids, immune system"),
    ("lv 14", "the reader is told", "advice about.lv_treatment", "organs, steroids, immune system"),
    # ------------------------------------------------------------------ petechiae
    ("pe 1", "they are round and as small as a pin's point", "fact pe.pinpoint", "round, pin, point"),
    ("pe 1", "so the size is asked", "question size", "pinpoint, petechiae"),
    ("pe 1", "and pinpoint speaks for them", "weight petechiae size=pinpoint", "for"),
    ("pe 2", "they come from bleeding", "fact pe.bleeding", "blood leaks"),
    ("pe 2", "so they are purple, brown or red", "fact pe.colour", "red, purple, brown"),
    ("pe 2", "so the colour is asked", "question colour", "red, purple, brown"),
    ("pe 2", "purple speaks for them", "weight petechiae colour=purple", "for"),
    ("pe 2", "brown speaks for them", "weight petechiae colour=brown", "for"),
    ("pe 2", "and the reader watches for these colours", "advice watch.new_colour", "purple, brown"),
    ("pe 3", "groups can look like a rash", "fact pe.clusters", "groups, rash"),
    ("pe 3", "so the pattern is asked", "question pattern", "groups"),
    ("pe 3", "and how many there are", "question count", "how many"),
    ("pe 3", "and groups speak for them", "weight petechiae pattern=clustered", "for"),
    ("pe 4", "pressing does not change their colour", "fact pe.no_fade", "keep their colour, press"),
    ("pe 4", "so the glass test is asked for first", "question blanches", "fade, press, glass"),
    ("pe 4", "staying speaks for them", "weight petechiae blanches=no", "for"),
    ("pe 4", "fading speaks against them", "weight petechiae blanches=yes", "strong_against"),
    ("pe 4", "and the reader is told how to test", "advice now.glass", "glass test, press"),
    ("pe 5", "they can be in the mouth", "fact pe.mouth", "inside the mouth"),
    ("pe 5", "they can be on the eyelids", "fact pe.eyelids", "eyelids"),
    ("pe 5", "so both places can be named", "question sites", "inside the mouth, eyelids"),
    ("pe 5", "the mouth speaks for them", "weight petechiae sites=mouth", "for"),
    ("pe 5", "the eyelids speak for them", "weight petechiae sites=eyelids", "for"),
    ("pe 5", "and the reader watches both", "advice watch.new_colour", "mouth, eyelids"),
    ("pe 6", "they are common and have many causes", "fact pe.common", "common, many conditions"),
    ("pe 7", "infections with a virus", "fact pe.virus", "virus, most common"),
    ("pe 7", "so infections are asked about", "question recent_infection", "infection, bleeding spots"),
    ("pe 7", "and speak for them", "weight petechiae recent_infection=yes", "for"),
    ("pe 7", "accidents", "fact pe.trauma", "accidents, injure"),
    ("pe 7", "illnesses of the immune system against the body", "fact pe.autoimmune", "immune system, body itself"),
    ("pe 7", "a small injury at the place", "fact pe.local_injury", "injury, place"),
    ("pe 7", "so injuries are asked about", "question injury_or_pressure", "hurt, vessels"),
    ("pe 7", "and speak for them", "weight petechiae injury_or_pressure=yes", "for"),
    ("pe 7", "allergic reactions", "fact pe.allergy", "allergic reactions"),
    ("pe 7", "so the doctor asks about all of these", "advice about.pe_tests", "infections, injuries, allergies"),
    ("pe 8", "radiation treatment", "fact pe.radiation", "radiation"),
    ("pe 8", "chemotherapy", "fact pe.chemotherapy", "chemotherapy"),
    ("pe 8", "so both are asked about", "question chemotherapy_or_radiotherapy", "chemotherapy, radiation"),
    ("pe 8", "and speak for them", "weight petechiae chemotherapy_or_radiotherapy=yes", "for"),
    ("pe 8", "leukaemia and other cancers of the marrow", "fact pe.leukaemia", "leukaemia, other cancers, bone marrow"),
    ("pe 8", "so they are asked about", "question blood_disorder", "bone marrow, leukaemia"),
    ("pe 8", "and speak for them", "weight petechiae blood_disorder=yes", "for"),
    ("pe 8", "and all of these raise the urgency", "rule petechiae_during_marrow_treatment", "cancer treatment, blood illness"),
    ("pe 8", "and the reader tells the doctor", "advice tell.cancer", "cancer, illness of the blood"),
    ("pe 9", "some medicines", "question new_medicine", "bleeding spots"),
    ("pe 9", "aspirin", "fact pe.aspirin", "aspirin"),
    ("pe 9", "aspirin is asked about", "question aspirin", "aspirin, petechiae"),
    ("pe 9", "and speaks for them", "weight petechiae aspirin=yes", "for"),
    ("pe 9", "heparin", "fact pe.heparin", "heparin"),
    ("pe 9", "heparin is asked about", "question heparin_or_anticoagulant", "heparin, bleeding spots"),
    ("pe 9", "and speaks for them", "weight petechiae heparin_or_anticoagulant=yes", "for"),
    ("pe 9", "both raise the urgency", "rule petechiae_on_aspirin_or_blood_thinner", "aspirin, blood thinners, do not stop"),
    ("pe 9", "the reader does not stop aspirin alone", "advice now.no_stop_aspirin", "do not stop, aspirin"),
    ("pe 9", "nor a blood thinner", "advice now.no_stop_thinner", "do not stop, blood thinner"),
    ("pe 9", "and names both to the doctor", "advice tell.medicines", "aspirin, heparin"),
    ("pe 10", "newborn babies often have some", "fact pe.newborn", "newborn, often"),
    ("pe 10", "so their parents tell the midwife or doctor", "rule newborn_with_a_few_spots", "midwife, doctor, baby"),
    ("pe 10", "violent vomiting brings out more", "fact pe.vomiting", "violent vomiting, more"),
    ("pe 10", "so straining is asked about", "question straining", "hard vomiting"),
    ("pe 10", "and speaks for them", "weight petechiae straining=yes", "for"),
    ("pe 10", "and explains spots on an adult's face", "rule adult_with_face_spots_after_straining", "hard vomiting, tiny spots, face"),
    ("pe 11", "an infection behind them may need antibiotics", "fact pe.antibiotics", "infection, doctor, antibiotics"),
    ("pe 11", "the reader is told", "advice about.pe_treatment", "antibiotics, infections"),
    ("pe 12", "injured small vessels are helped by cold", "fact pe.cold", "small vessels, injured, cold compress, ice pack"),
    ("pe 12", "the reader is told to cool", "advice now.cold", "cold compress, ice pack"),
    ("pe 12", "and few spots after a knock are for home", "rule few_fading_spots_after_injury", "hurt or pressed, cooled"),
]  # fmt: skip


def matching(entry: Evidence, question: str, answer: str) -> bool:
    if entry.question != question:
        return False
    given = answer if entry.answers else float(answer)
    return entry.matches(given)


def text_at(place: str) -> str | None:
    """All that the place says, in lower case; None when there is no such place."""
    kind, _, name = place.partition(" ")
    known = load()
    if kind == "weight":
        category, _, rest = name.partition(" ")
        question, _, answer = rest.partition("=")
        found = [
            e.word
            for e in known.evidence.entries
            if e.category == category and matching(e, question, answer)
        ]
        return " ".join(found) if found else None
    if kind == "question":
        q = known.questions.get(name)
        if q is None:
            return None
        return " ".join([q.text, q.help, q.why, *(o.text for o in q.option)]).casefold()
    if kind == "category":
        c = known.categories.get(name)
        if c is None:
            return None
        return " ".join([c.name, *c.also_called, c.summary]).casefold()
    texts = {
        "fact": {f.id: f.text for c in known.categories.values() for f in c.fact},
        "rule": {r.id: r.text for r in known.rules.rules},
        "advice": {a.id: a.text for a in known.guidance.advice},
    }[kind]
    return texts[name].casefold() if name in texts else None


@pytest.mark.parametrize(
    ("sentence", "says", "place", "words"), CHECKLIST, ids=[f"{r[0]}: {r[1]}" for r in CHECKLIST]
)
def test_every_fact_has_its_place(sentence: str, says: str, place: str, words: str) -> None:
    text = text_at(place)
    assert text is not None, f"{sentence} ({says}): there is no {place}"
    missing = [
        word for word in words.split(", ") if not any(either in text for either in word.split("|"))
    ]
    assert not missing, f"{sentence} ({says}): {place} does not say {missing}"


def test_every_sentence_is_walked() -> None:
    walked = {row[0] for row in CHECKLIST}
    expected = {f"{s} {i + 1}" for s, (_, count) in SECTIONS.items() for i in range(count)}
    assert walked == expected


def test_every_fact_of_the_document_is_on_the_list() -> None:
    listed = {row[2].removeprefix("fact ") for row in CHECKLIST if row[2].startswith("fact ")}
    facts = [f for c in load().categories.values() for f in c.fact]
    assert {f.id for f in facts if "founding-document" in f.sources.ids} <= listed


def test_every_question_that_the_document_asks_for_is_on_the_list() -> None:
    listed = {row[2].removeprefix("question ") for row in CHECKLIST}
    asked = {q.id for q in load().questions.values() if "founding-document" in q.sources.ids}
    assert asked <= listed


# sentence, answers of somebody whom it is about, level it must at least end at, why
WARNINGS = [
    ("ca 7", "age_years=50 surface=smooth_bump colour=red onset=years changed=yes", "routine", "a changed angioma is shown to a doctor"),
    ("ca 8", "age_years=50 surface=smooth_bump colour=red onset=years bleeds_a_lot=yes", "routine", "and so is one that bleeds a lot"),
    ("rf 3", "age_years=9 swollen_glands=yes sore_throat=yes", "within_days", "a child with swollen glands and a long sore throat"),
    ("rf 5", "age_years=9 bloody_nasal_discharge=yes", "same_day", "right away: bloody mucus from a child's nose"),
    ("rf 5", "bloody_nasal_discharge=yes sore_throat=yes", "same_day", "or after a sore throat at any age"),
    ("rf 6", "age_years=9 sore_throat=yes", "within_days", "strep is tested promptly"),
    ("rf 7", "age_years=40 sore_throat=yes", "routine", "adults can get it too"),
    ("rf 8", "sore_throat=yes chest_pain_or_breathless=yes", "emergency", "the heart"),
    ("rf 18", "age_years=9 sore_throat=yes sites=elbows", "same_day", "dots over the elbows"),
    ("rf 19", "age_years=9 sore_throat=yes joint_pain=yes", "same_day", "inflamed joints"),
    ("rf 25", "age_years=9 jerky_movements=yes", "same_day", "movements nobody wants"),
    ("lv 9", "age_years=50 surface=blister_or_ulcer painful=yes", "same_day", "painful ulcers"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump cough=yes", "same_day", "raised purpura with a cough"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump numbness=yes", "same_day", "with numbness"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump weakness=yes", "same_day", "with weakness"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump blood_in_urine=yes", "same_day", "with blood in the urine"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump fever=yes", "emergency", "with fever"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump muscle_aches=yes", "same_day", "with aching muscles"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump abdominal_pain=yes", "same_day", "with belly pain"),
    ("lv 10", "age_years=50 blanches=no surface=firm_bump vomiting=yes", "same_day", "with vomiting"),
    ("lv 12", "age_years=50 blanches=no sites=lower_legs new_medicine=yes onset=months", "within_days", "a medicine"),
    ("lv 12", "age_years=50 blanches=no sites=lower_legs new_food=yes onset=months", "within_days", "a food"),
    ("lv 12", "age_years=50 blanches=no sites=lower_legs recent_infection=yes onset=months", "within_days", "an infection"),
    ("lv 13", "age_years=50 blanches=no recurrent=yes", "within_days", "spots that come back"),
    ("pe 4", "age_years=50 blanches=no onset=days", "within_days", "spots that keep their colour"),
    ("pe 5", "age_years=50 blanches=no sites=mouth,eyelids", "within_days", "in the mouth and on the eyelids"),
    ("pe 8", "age_years=50 blanches=no chemotherapy_or_radiotherapy=yes", "same_day", "during chemotherapy"),
    ("pe 8", "age_years=50 blanches=no blood_disorder=yes", "same_day", "with leukaemia"),
    ("pe 9", "age_years=50 blanches=no aspirin=yes onset=days", "within_days", "on aspirin"),
    ("pe 9", "age_years=50 blanches=no heparin_or_anticoagulant=yes onset=days", "within_days", "on heparin"),
    ("pe 10", "age_years=0.01 count=few fever=no", "within_days", "a newborn's parents tell the midwife"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "answers", "level", "why"), WARNINGS)
def test_every_warning_raises_the_urgency(
    sentence: str, answers: str, level: str, why: str
) -> None:
    assessment = assess(parse_settings(answers.split()))
    assert assessment.urgency >= Urgency.named(level), f"{sentence}: {why}"


# sentence, answers of somebody whom it calms, the level, why
CALMING = [
    ("kp 6", "age_years=15 surface=rough sites=upper_arms,thighs onset=years worse_in_winter=yes", "keratosis pilaris ends by itself"),
    ("ca 7", "age_years=50 surface=smooth_bump colour=red onset=years changed=no", "an unchanged angioma is no concern"),
    ("pe 12", "age_years=30 blanches=yes injury_or_pressure=yes count=few fever=no very_unwell=no spreading_fast=no onset=hours size=small colour=red", "a knock, cooled"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "answers", "why"), CALMING)
def test_what_the_document_calls_harmless_stays_at_home(
    sentence: str, answers: str, why: str
) -> None:
    given = dict(pair.split("=") for pair in (*CALM.split(), *answers.split()))
    assessment = assess(parse_settings(f"{key}={value}" for key, value in given.items()))
    assert assessment.urgency is Urgency.SELF_CARE, f"{sentence}: {why}"


# answers that paint the document's picture, the category that must come first
PICTURES = [
    ("age_years=15 surface=rough sites=upper_arms,thighs worse_in_winter=yes family_history=yes onset=years", "keratosis_pilaris"),
    ("age_years=50 surface=smooth_bump colour=red onset=years changed=no count=few", "cherry_angioma"),
    ("age_years=9 sore_throat=yes swollen_glands=yes joint_pain=yes jerky_movements=yes sites=elbows", "rheumatic_fever"),
    ("age_years=40 blanches=no surface=firm_bump sites=lower_legs new_medicine=yes joint_pain=yes", "vasculitis"),
    ("age_years=40 blanches=no size=pinpoint surface=flat pattern=clustered colour=purple sites=eyelids", "petechiae"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "category"), PICTURES)
def test_the_documents_picture_is_recognised(answers: str, category: str) -> None:
    assert assess(parse_settings(answers.split())).candidates[0].category == category


# ---------------------------------------------------------------- with the document at hand

needs_document = pytest.mark.skipif(
    not DOCUMENT.is_file(), reason="the document (../shared/document.txt) is not at hand"
)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub(r"[’']", "", text.casefold()))


def sections_of(text: str) -> dict[str, list[str]]:
    """The document's sentences by section; a colon ends one too."""
    starts = {start: name for name, (start, _) in SECTIONS.items()}
    found: dict[str, list[str]] = {name: [] for name in SECTIONS}
    section = "intro"
    for raw in text.splitlines():
        line = raw.strip().lstrip("• ")
        if line in starts:
            section = starts[line]
            continue
        section = next((n for s, n in starts.items() if n == "pe" and line.startswith(s)), section)
        found[section] += [s for s in re.split(r"(?<=[.?:])\s+", line) if s]
    return found


@needs_document
def test_the_document_has_the_sentences_that_are_walked() -> None:
    found = sections_of(DOCUMENT.read_text(encoding="utf-8"))
    assert {n: len(s) for n, s in found.items()} == {n: c for n, (_, c) in SECTIONS.items()}


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


@needs_document
def test_no_run_of_its_words_is_copied() -> None:
    document = words_of(DOCUMENT.read_text(encoding="utf-8"))
    runs = {tuple(document[i : i + COPIED]) for i in range(len(document) - COPIED + 1)}
    texts = [
        (path.name, text)
        for path in folder("data").rglob("*.toml")
        for text in strings_in(tomllib.loads(path.read_text(encoding="utf-8")))
    ]
    texts += [("the checklist", row[1]) for row in CHECKLIST]
    copied = [
        (name, " ".join(words[i : i + COPIED]))
        for name, text in texts
        for words in [words_of(text)]
        for i in range(len(words) - COPIED + 1)
        if tuple(words[i : i + COPIED]) in runs
    ]
    assert copied == []
