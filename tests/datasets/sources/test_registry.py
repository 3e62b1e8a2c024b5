"""Each public set, in a small copy with its real columns, becomes rows of the manifest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from datasets import fabricated_sets as sets
from reddots.datasets.catalogue import known_set, read_catalogue
from reddots.datasets.manifest import SPLITS, read_manifest, write_manifest
from reddots.datasets.sources.custom_table import column_map
from reddots.datasets.sources.dermavqa import vote
from reddots.datasets.sources.label_map import labels_of, read_meanings
from reddots.datasets.sources.record import Record, rows_of
from reddots.datasets.sources.registry import READERS, import_set
from reddots.datasets.sources.scin import judge
from reddots.errors import KnowledgeError, ManifestError

Fabricate = Callable[[Path], Path]

# set, its copy, rows as (label, raw label, group, skin type, body site), reasons for what is left out
SETS: list[tuple[str, Fabricate, list[tuple[str, str, str, int | None, str]], dict[str, int]]] = [
    (
        "scin",
        sets.scin,
        [("vasculitis", "Leukocytoclastic Vasculitis 0.67; Eczema 0.33", "scin--1", 4, "leg")] * 3
        + [("", "Eczema 0.50; Abscess 0.50", "scin-2", 5, "leg"), ("normal_skin", "No discernible pathology", "scin-3", 1, "leg"), ("normal_skin", "LOOKS_HEALTHY", "scin-5", 6, "leg")],
        {"the photo has not been fetched": 1},
    ),
    (
        "fitzpatrick17k",
        sets.fitzpatrick17k,
        [("keratosis_pilaris", "keratosis pilaris", "fitzpatrick17k-aa", 6, ""), ("", "vitiligo", "fitzpatrick17k-bb", None, "")],
        {"the set's own check calls its label wrong": 1, "the photo has not been fetched": 1},
    ),
    (
        "pad_ufes_20",
        sets.pad_ufes_20,
        [("mole_or_growth", "BCC", "pad-PAT_46", 3, "neck"), ("mole_or_growth", "NEV", "pad-PAT_46", 3, "neck"), ("", "XYZ", "pad-PAT_7", None, "neck")],
        {},
    ),
    (
        "ham10000",
        sets.ham10000,
        [("cherry_angioma|other_vascular|purpura", "vasc", "ham-HAM_1", None, "back"), ("mole_or_growth", "nv", "ham-HAM_2", None, ""), ("mole_or_growth", "nv", "ham-HAM_2", None, "trunk")],
        {"the photo is not in the folder": 1},
    ),
    (
        "isic",
        sets.isic,
        [("purpura", "Hemorrhagic lesions", "IP_1", None, "lower extremity"), ("mole_or_growth", "Nevus", "IL_2", 2, "")],
        {"its licence is not one that we know": 1},
    ),
    (
        "ddi",
        sets.ddi,
        [("mole_or_growth", "melanoma-in-situ", "ddi-000001", None, ""), ("cherry_angioma|other_vascular", "angioma", "ddi-000002", None, "")],
        {},
    ),
    (
        "multicare",
        sets.multicare,
        [("vasculitis", "palpable purpura", "multicare-PMC11_01", None, ""), ("petechiae|purpura", "ecchymoses; petechiae", "multicare-PMC12_01", None, "")],
        {"its caption denies or doubts what it names": 1, "its article's licence allows no adaptation, or none is given": 1, "the set says it is no photo of skin": 1},
    ),
    (
        "dermavqa",
        sets.dermavqa,
        [("purpura", "allergic purpura 0.50; purpura 0.50", "dermavqa-ENC00001", None, "")] * 2
        + [("mole_or_growth|other_rash", "psoriasis 0.25; nevus 0.25; eczema 0.25; melanoma 0.25", "dermavqa-ENC00002", None, ""), ("", "", "dermavqa-ENC00004", None, "")],
        {"the photo has not been fetched": 1},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "fabricate", "rows", "reasons"), SETS, ids=[s[0] for s in SETS])
def test_a_set_becomes_rows(
    tmp_path: Path,
    name: str,
    fabricate: Fabricate,
    rows: list[tuple[str, str, str, int | None, str]],
    reasons: dict[str, int],
) -> None:
    found = import_set(fabricate(tmp_path / "set"), name, tmp_path)
    assert [(r.label, r.label_raw, r.group, r.fitzpatrick, r.body_site) for r in found.rows] == rows
    assert dict(found.reasons) == reasons
    assert len(found.dropped) == sum(reasons.values()), "each is named, and counted by reason"
    assert sum(found.unlabelled.values()) == sum(not row[0] for row in rows)
    write_manifest(found.rows, tmp_path / "manifest.csv")
    manifest = read_manifest(tmp_path / "manifest.csv")
    assert manifest.rows == found.rows, "the manifest holds all that the set said"
    assert all(manifest.path(row).is_file() for row in manifest.rows)
    assert all(
        len(r.sha256) == 64 and r.dataset == name and r.split == SPLITS[0] for r in manifest.rows
    )
    assert all(r.licence and r.source_url.startswith("https://") for r in manifest.rows)


# set, its copy, what the first row carries besides
EXTRA = [
    ("scin", sets.scin, {"age": "age_30_to_39", "sex": "female"}),
    ("pad_ufes_20", sets.pad_ufes_20, {"age": "55", "sex": ""}),
    ("ham10000", sets.ham10000, {"age": "50.0", "sex": "male", "dx_type": "consensus"}),
    ("isic", sets.isic, {"age": "40", "sex": "", "image_type": "clinical: close-up"}),
    ("ddi", sets.ddi, {"skin_tone": "56"}),
]


@pytest.mark.parametrize(("name", "fabricate", "extra"), EXTRA, ids=[s[0] for s in EXTRA])
def test_age_sex_and_tone_are_carried(
    tmp_path: Path, name: str, fabricate: Fabricate, extra: dict[str, str]
) -> None:
    found = import_set(fabricate(tmp_path / "set"), name, tmp_path)
    assert dict(found.rows[0].extra) == extra
    write_manifest(found.rows, tmp_path / "manifest.csv")
    assert dict(read_manifest(tmp_path / "manifest.csv").rows[0].extra) == extra


def test_the_parent_of_a_set_s_folder_is_taken_too(tmp_path: Path) -> None:
    sets.scin(tmp_path / "dataset")
    assert len(import_set(tmp_path, "scin", tmp_path).rows) == 6


def test_labels_in_another_order_are_one_label(tmp_path: Path) -> None:
    photo = sets.photo(tmp_path / "a.png")
    labels = ("petechiae|purpura", "purpura|petechiae")
    records = [Record(photo, "", label=label, group=label) for label in labels]
    found = rows_of(records, known_set("own"), read_meanings("own"), tmp_path)
    assert [r.label for r in found.rows] == ["petechiae|purpura"]


def test_skin_types_are_read_or_counted(tmp_path: Path) -> None:
    written = ["III", "3.0", "FST3", "34", "", "olive"]
    for number in range(len(written)):
        sets.photo(tmp_path / "photos" / f"{number}.png")
    rows = [[f"{number}.png", "petechiae", tone] for number, tone in enumerate(written)]
    sets.write(tmp_path / "mine.csv", "photo,label,fitzpatrick", rows)
    columns = column_map(["fitzpatrick=fitzpatrick"])
    found = import_set(tmp_path / "photos", "own", tmp_path, tmp_path / "mine.csv", columns)
    assert [r.fitzpatrick for r in found.rows] == [3, 3, 3, None, None, None]
    assert found.unread == {"34": 1, "olive": 1}, "a pair of types is no type"


def test_sd198_is_folders_of_its_own_labels(tmp_path: Path) -> None:
    found = import_set(sets.sd198(tmp_path / "set"), "sd198", tmp_path)
    assert {r.label_raw: r.label for r in found.rows} == {
        "Angioma": "cherry_angioma|other_vascular",
        "Leukocytoclastic_Vasculitis": "vasculitis",
        "Onychomycosis": "",
        "Schamberg's_Disease": "purpura",
    }
    assert found.unlabelled == {"“Onychomycosis” is not in the set's table": 1}


def test_licences_are_each_photo_s_own(tmp_path: Path) -> None:
    isic = import_set(sets.isic(tmp_path / "isic"), "isic", tmp_path).rows
    assert [row.licence for row in isic] == ["CC BY 4.0 (A clinic)", "CC0 1.0 (A clinic)"]
    multicare = import_set(sets.multicare(tmp_path / "multicare"), "multicare", tmp_path).rows
    assert [row.licence for row in multicare] == ["CC BY (PMC11)", "CC BY-NC (PMC12)"]
    assert multicare[0].source_url.endswith("/articles/PMC11/")


# set, table, a column taken away
@pytest.mark.parametrize(
    ("name", "fabricate", "table", "column"),
    [
        ("scin", sets.scin, "scin_labels.csv", "weighted_skin_condition_label"),
        ("scin", sets.scin, "scin_cases.csv", "image_3_path"),
        ("fitzpatrick17k", sets.fitzpatrick17k, "fitzpatrick17k.csv", "md5hash"),
        ("pad_ufes_20", sets.pad_ufes_20, "metadata.csv", "fitspatrick"),
        ("ham10000", sets.ham10000, "HAM10000_metadata.csv", "lesion_id"),
        ("isic", sets.isic, "metadata.csv", "copyright_license"),
        ("ddi", sets.ddi, "ddi_metadata.csv", "skin_tone"),
        ("multicare", sets.multicare, "captions_and_labels.csv", "license"),
        ("dermavqa", sets.dermavqa, "valid_ht.json", "encounter_id"),
    ],
)
def test_a_missing_column_is_named(
    tmp_path: Path, name: str, fabricate: Fabricate, table: str, column: str
) -> None:
    path = fabricate(tmp_path) / table
    path.write_text(path.read_text().replace(column, "another", 1))
    with pytest.raises(ManifestError, match=f"(no column.*|missing.*){column}"):
        import_set(tmp_path, name, tmp_path)


# weights, gradable, label, why
WEIGHTS = [
    ("{'Leukocytoclastic Vasculitis': 1.0}", "", "vasculitis", "one name"),
    ("{'Leukocytoclastic Vasculitis': 0.4, 'Purpura': 0.3, 'Eczema': 0.3}", "", "purpura", "two names of one output: what they share"),
    ("{'Leukocytoclastic Vasculitis': 0.4, 'Eczema': 0.4, 'Abscess': 0.2}", "", "other_rash|vasculitis", "either of two"),
    ("{'Keratosis pilaris': 0.59, 'Abscess': 0.41}", "", "", "not sure enough"),
    ("{'Keratosis pilaris': 0.6, 'Abscess': 0.4}", "", "keratosis_pilaris", "sure enough"),
    ("{'Hemangioma': 1.0}", "", "cherry_angioma|other_vascular", "a coarse name"),
    ("{'A name that nobody knows': 1.0}", "", "", "an unknown name"),
    ("", "NO_IMAGE_QUALITY_INSUFFICIENT", "", "nobody could tell"),
    ("{}", "YES_IMAGE_QUALITY_SUFFICIENT_NO_DISCERNIBLE_PATHOLOGY", "normal_skin", "nothing to see"),
    ("not a dictionary", "", "", "damaged"),
    ("__import__('os').getcwd()", "", "", "no literal: it is never run"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "gradable", "label", "why"), WEIGHTS, ids=[w[3] for w in WEIGHTS]
)
def test_a_differential_becomes_a_label(value: str, gradable: str, label: str, why: str) -> None:
    row = {
        "weighted_skin_condition_label": value,
        "dermatologist_gradable_for_skin_condition_1": gradable,
    }
    assert set(judge(row, read_meanings("scin"))[1].split("|")) == set(label.split("|")), why


# weights, what the owner said, the least weight, label, why
SURE = [
    ("{'Purpura': 0.5, 'Abscess': 0.5}", "RASH", 0.5, "purpura", "half of the weight is asked for"),
    ("{'Purpura': 0.5, 'Abscess': 0.5}", "RASH", 0.6, "", "more is"),
    ("{'Purpura': 0.5, 'Eczema': 0.4}", "", 0.7, "", "more is asked for than of one of two"),
    ("", "LOOKS_HEALTHY", 0.6, "normal_skin", "nobody named a condition"),
    ("{'Purpura': 1.0}", "LOOKS_HEALTHY", 0.6, "purpura", "dermatologists did"),
    ("{'Abscess': 1.0}", "LOOKS_HEALTHY", 0.6, "", "one that means nothing to us is no health"),
    ("", "RASH", 0.6, "", "the owner sees a rash"),
]


@pytest.mark.parametrize(("value", "said", "sure", "label", "why"), SURE, ids=[s[4] for s in SURE])
def test_what_an_owner_says_and_how_sure_a_label_is(
    value: str, said: str, sure: float, label: str, why: str
) -> None:
    graded = {"weighted_skin_condition_label": value}
    meanings = read_meanings("scin")
    assert judge(graded, meanings, {"related_category": said}, sure)[1] == label, why


# doctors' answers, the table's words and their shares, why
VOTES = [
    (["Chronic Eczema.", "eczema", "Severe Psoriasis"], {"eczema": 2 / 3, "psoriasis": 1 / 3}, "each counts once"),
    (["Eczema or psoriasis"], {"psoriasis": 0.5, "eczema": 0.5}, "shared out among what it names"),
    (["Not eczema, it is tinea."], {"tinea": 1.0}, "what is denied is not named"),
    (["Palpable purpura"], {"palpable purpura": 1.0}, "a longer word hides a shorter"),
    (["Drink water."], {}, "nothing is named"),
    ([], {}, "nobody answered"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "weights", "why"), VOTES, ids=[v[2] for v in VOTES])
def test_answers_in_words_vote(answers: list[str], weights: dict[str, float], why: str) -> None:
    assert vote(answers, read_meanings("dermavqa")) == pytest.approx(weights), why


def test_a_least_weight_is_for_labels_with_weights(tmp_path: Path) -> None:
    found = import_set(sets.scin(tmp_path / "scin"), "scin", tmp_path, sure=0.7)
    assert [row.label for row in found.rows] == ["", "", "", "", "normal_skin", "normal_skin"]
    with pytest.raises(ManifestError, match="no weights"):
        import_set(sets.sd198(tmp_path / "sd198"), "sd198", tmp_path, sure=0.7)


def test_a_photo_with_two_labels_gets_none(tmp_path: Path) -> None:
    sets.photo(tmp_path / "Acne_Vulgaris" / "a.png")
    (tmp_path / "Angioma").mkdir()
    (tmp_path / "Angioma" / "b.png").write_bytes(
        (tmp_path / "Acne_Vulgaris" / "a.png").read_bytes()
    )
    found = import_set(tmp_path, "sd198", tmp_path)
    assert [(r.label, r.label_raw) for r in found.rows] == [("", "Acne_Vulgaris / Angioma")]


def test_a_table_of_one_s_own(tmp_path: Path) -> None:
    sets.photo(tmp_path / "photos" / "a.png")
    sets.photo(tmp_path / "outside.png")
    rows = [
        ["a.png", "petechiae", "Ann", "4"],
        ["../outside.png", "petechiae", "Bob", ""],
        ["", "x", "", ""],
        ["gone.png", "x", "", ""],
    ]
    sets.write(tmp_path / "mine.csv", "file,diagnosis,who,tone", rows)
    columns = column_map(["photo=file", "label=diagnosis", "group=who", "fitzpatrick=tone"])
    found = import_set(tmp_path / "photos", "own", tmp_path, tmp_path / "mine.csv", columns)
    assert [(r.photo, r.label, r.group, r.fitzpatrick) for r in found.rows] == [
        ("photos/a.png", "petechiae", "Ann", 4)
    ]
    assert found.reasons == {
        "it is outside the folder": 1,
        "it names no photo": 1,
        "the photo is not there": 1,
    }


@pytest.mark.parametrize("pair", ["colour=x", "label", "label=", "=x"])
def test_a_wrong_column_is_named(pair: str) -> None:
    with pytest.raises(ManifestError, match="is no column"):
        column_map([pair])


def test_every_table_of_meanings_fits() -> None:
    """Each shipped table belongs to a set, and knows only labels of ours."""
    catalogue = read_catalogue()
    assert set(READERS) <= set(catalogue)
    for name in catalogue:
        assert read_meanings(name).labels(), name
    assert "vasculitis" in labels_of("scin")
    assert labels_of("caltech101") == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[[meaning]]\nlabel = "measles"\nraw = ["a"]\nsource = "x"\n', "measles"),
        ('[[meaning]]\nlabel = ""\nraw = ["A b", "a_B"]\nsource = "x"\n', "twice"),
        ('[[meaning]]\nlabel = ""\nraw = ["a"]\n', "source"),
    ],
)
def test_a_wrong_table_is_named(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(content)
    with pytest.raises(KnowledgeError, match=words):
        read_meanings("x", path)
