"""Small copies of public sets, with their real column names and invented photos and values."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from datasets.drawn_photos import skin

_seeds = iter(range(1_000_000))


def photo(path: Path) -> Path:
    """Draw another photo each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    skin(next(_seeds), (60, 50)).save(path)
    return path


def write(path: Path, header: str, rows: Sequence[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


SCIN_CASES = (
    "case_id,source,release,year,age_group,sex_at_birth,fitzpatrick_skin_type,body_parts_arm,"
    "body_parts_leg,related_category,image_1_path,image_2_path,image_3_path,image_1_shot_type"
)
SCIN_LABELS = (
    "case_id,dermatologist_gradable_for_skin_condition_1,dermatologist_gradable_for_skin_condition_2,"
    "dermatologist_skin_condition_on_label_name,dermatologist_skin_condition_confidence,"
    "weighted_skin_condition_label,dermatologist_fitzpatrick_skin_type_label_1,"
    "dermatologist_fitzpatrick_skin_type_label_2,dermatologist_fitzpatrick_skin_type_label_3,"
    "monk_skin_tone_label_india,monk_skin_tone_label_us"
)
_GOOD = "DEFAULT_YES_IMAGE_QUALITY_SUFFICIENT"
_NORMAL = "YES_IMAGE_QUALITY_SUFFICIENT_NO_DISCERNIBLE_PATHOLOGY"


def scin(folder: Path) -> Path:
    """Vasculitis (three photos), a disagreement, normal skin, one never fetched, said to be healthy."""

    def case(number: str, skin_type: str, *photos: str, said: str = "RASH") -> list[str]:
        paths = [f"dataset/images/{name}.png" for name in photos]
        paths += [""] * (3 - len(paths))
        return [number, "SCIN", "1.0.0", "2023", "AGE_30_TO_39", "FEMALE", skin_type, "", "YES", said, *paths, "CLOSE_UP"]  # fmt: skip

    write(
        folder / "scin_cases.csv",
        SCIN_CASES,
        [
            case("-1", "FST2", "-11", "12", "13"),
            case("2", "FST5", "21"),
            case("3", "NONE_SELECTED", "31"),
            case("4", "", "41"),
            case("5", "FST6", "51", said="LOOKS_HEALTHY"),
        ],
    )
    write(
        folder / "scin_labels.csv",
        SCIN_LABELS,
        [
            ["-1", _GOOD, _GOOD, "['Leukocytoclastic Vasculitis']", "[5]", "{'Leukocytoclastic Vasculitis': 0.67, 'Eczema': 0.33}", "FST3", "FST4", "FST4", "4.0", "5.0"],
            ["2", _GOOD, "", "['Eczema', 'Abscess']", "[3, 3]", "{'Eczema': 0.5, 'Abscess': 0.5}", "", "", "", "", ""],
            ["3", _NORMAL, _NORMAL, "[]", "[]", "", "FST1", "", "", "1.0", "2.0"],
            ["4", _GOOD, "", "['Acne']", "[4]", "{'Acne': 1.0}", "", "", "", "", ""],
            ["5", "NO_IMAGE_QUALITY_INSUFFICIENT", "", "[]", "[]", "", "FST6", "", "", "", ""],
        ],
    )  # fmt: skip
    for name in ("-11", "12", "13", "21", "31", "51"):
        photo(folder / "images" / f"{name}.png")
    return folder


def fitzpatrick17k(folder: Path) -> Path:
    url = "https://www.dermaamin.com/site/images/clinical-pic/x.jpg"
    write(
        folder / "fitzpatrick17k.csv",
        "md5hash,fitzpatrick_scale,fitzpatrick_centaur,label,nine_partition_label,three_partition_label,qc,url,url_alphanum",
        [
            ["aa", "6", "5", "keratosis pilaris", "inflammatory", "non-neoplastic", "", url, "x"],
            ["bb", "-1", "-1", "vitiligo", "inflammatory", "non-neoplastic", "1 Diagnostic", url, "x"],
            ["cc", "2", "2", "psoriasis", "inflammatory", "non-neoplastic", "3 Wrongly labelled", url, "x"],
            ["dd", "2", "2", "psoriasis", "inflammatory", "non-neoplastic", "", url, "x"],
        ],
    )  # fmt: skip
    for name in ("aa", "bb", "cc"):
        photo(folder / "images" / f"{name}.png")
    return folder


def pad_ufes_20(folder: Path) -> Path:
    header = (
        "patient_id,lesion_id,smoke,drink,background_father,background_mother,age,pesticide,gender,"
        "skin_cancer_history,cancer_history,has_piped_water,has_sewage_system,fitspatrick,region,"
        "diameter_1,diameter_2,diagnostic,itch,grew,hurt,changed,bleed,elevation,img_id,biopsed"
    )
    ids = ("PAT_46_881_939.png", "PAT_46_882_1.png", "PAT_7_8_9.png")
    rows = [
        [name.rpartition("_")[0].rpartition("_")[0], "881", "", "", "", "", "55", "", "", "", "",
         "", "", tone, "NECK", "", "", diagnostic, "", "", "", "", "", "", name, "True"]
        for name, tone, diagnostic in zip(ids, ("3.0", "3.0", ""), ("BCC", "NEV", "XYZ"), strict=True)
    ]  # fmt: skip
    write(folder / "metadata.csv", header, rows)
    for name in ids:
        photo(folder / "imgs_part_1" / name)
    return folder


def ham10000(folder: Path) -> Path:
    write(
        folder / "HAM10000_metadata.csv",
        "lesion_id,image_id,dx,dx_type,age,sex,localization,dataset",
        [
            ["HAM_1", "ISIC_1", "vasc", "consensus", "50.0", "male", "back", "rosendahl"],
            ["HAM_2", "ISIC_2", "nv", "histo", "", "", "unknown", "vidir_modern"],
            ["HAM_2", "ISIC_3", "nv", "histo", "", "", "trunk", "vidir_modern"],
            ["HAM_3", "ISIC_4", "mel", "histo", "", "", "trunk", "vidir_modern"],
        ],
    )
    for number in (1, 2, 3):
        photo(folder / "HAM10000_images_part_1" / f"ISIC_{number}.jpg")
    return folder


def isic(folder: Path) -> Path:
    write(
        folder / "metadata.csv",
        "isic_id,attribution,copyright_license,age_approx,anatom_site_general,diagnosis_1,diagnosis_2,diagnosis_3,fitzpatrick_skin_type,lesion_id,patient_id,sex,image_type",
        [
            ["ISIC_5", "A clinic", "CC-BY", "40", "lower extremity", "Benign", "Hemorrhagic lesions", "", "", "IL_1", "IP_1", "", "clinical: close-up"],
            ["ISIC_6", "A clinic", "CC-0", "40", "", "Benign", "Benign melanocytic proliferations", "Nevus", "II", "IL_2", "", "", "dermoscopic"],
            ["ISIC_7", "A clinic", "secret", "40", "", "Benign", "", "Nevus", "", "", "", "", ""],
        ],
    )  # fmt: skip
    for number in (5, 6, 7):
        photo(folder / f"ISIC_{number}.jpg")
    return folder


def ddi(folder: Path) -> Path:
    write(
        folder / "ddi_metadata.csv",
        ",DDI_ID,DDI_file,skin_tone,malignant,disease",
        [
            ["0", "1", "000001.png", "56", "True", "melanoma-in-situ"],
            ["1", "2", "000002.png", "12", "False", "angioma"],
        ],
    )
    for name in ("000001.png", "000002.png"):
        photo(folder / "images" / name)
    return folder


def sd198(folder: Path) -> Path:
    for name in ("Leukocytoclastic_Vasculitis/1.jpg", "Angioma/2.jpg", "Onychomycosis/3.jpg", "Schamberg's_Disease/4.jpg"):  # fmt: skip
        photo(folder / name)
    return folder


MULTICARE = (
    "file_id,file,main_image,image_component,patient_id,license,file_size,caption,case_substring,"
    "image_type,image_subtype,radiology_region,radiology_region_granular,radiology_view,"
    "ml_labels_for_supervised_classification,gt_labels_for_semisupervised_classification"
)


def multicare(folder: Path) -> Path:
    skin_photo = ("medical_photograph", "skin_photograph")
    listed = [
        ("PMC11_a.webp", "PMC11_01", "CC BY", "Palpable purpura of both legs", skin_photo),
        ("PMC12_b.webp", "PMC12_01", "CC BY-NC", "Petechiae and ecchymoses on the arm", skin_photo),
        ("PMC13_c.webp", "PMC13_01", "CC BY", "No petechiae were seen", skin_photo),
        ("PMC14_d.webp", "PMC14_01", "CC BY-NC-ND", "Purpura of the foot", skin_photo),
        ("PMC15_e.webp", "PMC15_01", "CC BY", "Purpura of the foot", ("pathology", "h&e")),
        ("PMC16_f.webp", "PMC16_01", "CC BY", "Chest radiograph", ("radiology", "x_ray")),
    ]
    write(
        folder / "captions_and_labels.csv",
        MULTICARE,
        [
            [str(i), file, file, "", patient, licence, "10", caption, "[]", *kind, "", "", "", "[]", "[]"]
            for i, (file, patient, licence, caption, kind) in enumerate(listed)
        ],
    )  # fmt: skip
    for file, *_ in listed:
        photo(folder / file[:4] / file[:5] / file)
    return folder


def dermavqa(folder: Path) -> Path:
    """Three encounters: doctors agree (two photos), they differ, one photo is not there."""

    def encounter(number: int, photos: int, *answers: str) -> dict[str, object]:
        name = f"ENC{number:05d}"
        return {
            "encounter_id": name,
            "author_id": "U00001",
            "image_ids": [f"IMG_{name}_{i:05d}.jpg" for i in range(1, photos + 1)],
            "query_title_zh": "?",
            "query_title_en": "What is this? Psoriasis?",
            "query_content_en": "There are red spots.",
            "responses": [
                {"author_id": f"U{i:05d}", "content_zh": "?", "content_en": answer, "completeness": 0.5, "contains_freq_ans": 0.0}
                for i, answer in enumerate(answers)
            ],
        }  # fmt: skip

    tables = {
        "train.json": [encounter(1, 2, "Allergic purpura.", "Not eczema.  Consider purpura.", "Take a rest.")],
        "valid_ht.json": [encounter(2, 1, "Severe psoriasis", "Nevus", "Chronic Eczema.", "Melanoma?")],
        "test_ht.json": [encounter(3, 1, "herpes zoster"), encounter(4, 1)],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, encounters in tables.items():
        (folder / name).write_text(json.dumps(encounters), encoding="utf-8")
    names = ("ENC00001_00001", "ENC00001_00002", "ENC00002_00001", "ENC00004_00001")
    for name in names:
        photo(folder / "images_final" / f"IMG_{name}.jpg")
    return folder
