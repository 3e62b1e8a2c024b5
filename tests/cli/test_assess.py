"""``reddots assess`` and ``triage`` as their users run them, some in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from cli.command_line import CommandLine
from reddots.knowledge.translation import load_in
from tiny_checkpoint import BLUE


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "reddots", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "TERM": "dumb"},
    )


@pytest.fixture
def skin_photo(tmp_path: Path) -> Path:
    """A flat skin colour with a few red dots, 400 × 300."""
    image = Image.new("RGB", (400, 300), (214, 168, 144))
    draw = ImageDraw.Draw(image)
    for x in range(40, 400, 60):
        for y in range(40, 300, 60):
            draw.ellipse((x, y, x + 8, y + 8), fill=(170, 40, 45))
    path = tmp_path / "spots.jpg"
    image.save(path, quality=92)
    return path


def test_the_next_step_comes_first_then_the_rest_in_order() -> None:
    done = run("assess", "--set", "age_years=6", "--set", "fever=yes", "--set", "blanches=no")
    text = done.stdout.decode()
    headings = [
        "EMERGENCY", "Why", "What to do now", "When to get help sooner", "What to tell", "What it may be",
    ]  # fmt: skip
    places = [text.index(heading) for heading in headings]
    assert done.returncode == 0
    assert places == sorted(places), "urgency, why, do now, watch for, tell the doctor, candidates"
    assert "112" in text
    assert "999" in text
    assert "911" in text


def test_without_answers_it_says_what_it_would_ask() -> None:
    done = run("assess")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "What we would ask next" in text
    assert "[age_years=0–120]" in text, "the person's age is asked early"


def test_another_language(reddots: CommandLine) -> None:
    done = reddots("assess", "--language", "es", "--set", "fever=yes")
    left = ("Why", "What ", "SEE A", "AT LEAST", "This ", "likely")
    assert (done.code, done.err) == (0, "")
    assert [words for words in left if words in done.out] == [], "nothing is left in English"
    assert "Por qué" in done.out


def test_json_in_another_language_differs_in_its_texts_alone(reddots: CommandLine) -> None:
    said = [
        json.loads(reddots("assess", "--json", "--set", "fever=yes", "--language", code).out)
        for code in ("en", "es")
    ]
    english, spanish = ({k: v for k, v in one.items() if k != "id"} for one in said)
    assert english.keys() == spanish.keys()
    assert english["guidance"]["summary"] != spanish["guidance"]["summary"]
    for key in ("schema", "urgency", "settled", "open_gates", "answers", "next_questions", "model"):
        assert english[key] == spanish[key], key


def test_fhir_in_another_language_has_its_texts(reddots: CommandLine) -> None:
    done = reddots("assess", "--fhir", "--set", "fever=yes", "--language", "fr")
    assert load_in("fr").questions["fever"].text in done.out


def test_a_photo_that_is_not_there_is_said_in_the_language(reddots: CommandLine) -> None:
    done = reddots("assess", "no-such.jpg", "--language", "pt")
    assert done.code == 1
    assert "foto não usada" in done.err
    assert "photo" not in done.err


# arguments, words on the one line of stderr
WRONG = [
    (["assess", "--language", "xx"], "no language “xx”"),
    (["assess", "--set", "fevr=yes"], "Did you mean “fever”"),
    (["assess", "--set", "fever=maybe"], "yes, no, not_sure"),
    (["assess", "--set", "age_years=400"], "0 to 120"),
    (["assess", "--answers", "no-such-file.json"], "cannot be read"),
    (["triage", "no-such-file.jsonl"], "cannot be opened"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
@pytest.mark.slow
def test_wrong_use_is_one_line_and_exit_code_2(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    message = done.stderr.decode()
    assert done.returncode == 2
    assert words in message
    assert message.count("\n") == 1
    assert done.stdout == b""


def test_json_has_the_contract_shape(skin_photo: Path) -> None:
    done = run("assess", str(skin_photo), "--set", "age_years=30", "--set", "itchy=yes", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert set(result) == {
        "schema", "id", "urgency", "settled", "open_gates", "see_doctor", "reasons", "candidates",
        "photo", "answers", "next_questions", "guidance", "model", "disclaimer",
    }  # fmt: skip
    assert result["schema"] == "reddots.assessment/1"
    assert result["answers"] == {"age_years": 30, "itchy": "yes"}
    assert set(result["reasons"][0]) == {"rule", "urgency", "text", "source"}
    assert set(result["candidates"][0]) == {"category", "name", "probability", "kind"}
    assert set(result["photo"]) == {
        "status", "problems", "categories", "abstained", "prediction_set", "not_skin", "spots",
    }  # fmt: skip
    assert abs(sum(result["photo"]["categories"].values()) - 1) < 1e-5
    assert set(result["guidance"]) == {
        "summary", "do_now", "watch_for", "tell_the_doctor", "about",
    }  # fmt: skip
    assert set(result["model"]) == {"version", "sha256"}


@pytest.mark.parametrize("content", [b"", b"no photo", b"\xff\xd8\xff\xe0" + b"\0" * 50])
def test_an_unreadable_photo_is_rejected_and_the_answers_still_count(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(content)
    done = run("assess", str(path), "--set", "fever=yes", "--set", "blanches=no", "--json")
    result = json.loads(done.stdout)
    assert done.returncode == 1, "one input failed"
    assert result["photo"]["status"] == "rejected"
    assert result["urgency"] == "emergency"
    assert done.stderr.decode().count("\n") == 1
    assert b"Traceback" not in done.stderr


def test_explain_prints_the_weight_of_evidence() -> None:
    done = run("assess", "--set", "blanches=no", "--set", "size=pinpoint", "--explain")
    assert b"Weight of evidence" in done.stdout
    assert b"blanches=no" in done.stdout


def test_triage_keeps_the_order_and_goes_on_after_a_bad_line(tmp_path: Path) -> None:
    lines = [
        b'{"id": "a", "answers": {"fever": "yes", "blanches": "no"}}',
        b"not json",
        b'{"id": 7, "answers": {"fevr": "yes"}}',
        b'{"answers": {}}',
        b'{"id": "x", "answers": {}, "extra": 1}',
        b'{"id": "p", "answers": {}, "photo": "missing.jpg"}',
        b'{"id": "z", "answers": {}}',
    ]
    cases = tmp_path / "cases.jsonl"
    cases.write_bytes(b"\n".join(lines) + b"\n")
    out = tmp_path / "out.jsonl"
    done = run("triage", str(cases), "-o", str(out))
    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert done.returncode == 1
    assert "1 photos that cannot be read" in done.stderr.decode()
    assert [r["id"] for r in results] == ["a", None, 7, None, "x", "p", "z"]
    assert ["error" in r for r in results] == [False, True, True, True, True, False, False]
    assert results[0]["urgency"] == "emergency"
    assert results[5]["photo"]["status"] == "rejected"
    assert "4 errors" in done.stderr.decode()


def test_torch_is_never_imported(skin_photo: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from reddots.assessor import Assessor\n"
        "from reddots.triage.answers import parse_settings\n"
        "import reddots.cli, reddots_app.server\n"
        f"Assessor().assess(parse_settings(['fever=no']), [Path({str(skin_photo)!r})])\n"
        "assert 'onnxruntime' in sys.modules\n"
        "print([m for m in ('torch', 'torchvision', 'timm') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_help_imports_nothing_slow() -> None:
    code = (
        "import sys, reddots.cli\n"
        "slow = {'torch', 'onnxruntime', 'gradio', 'numpy', 'PIL', 'pyarrow', 'msgspec',"
        " 'sklearn'}\n"
        "print(sorted(slow & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"[]", "what a command needs is imported when it runs"


# ---------------------------------------------------------------- several photos, joined answers

EMERGENCY = ["--set", "age_years=6", "--set", "fever=yes", "--set", "blanches=no"]


def test_of_several_photos_the_unreadable_one_is_listed(
    reddots: CommandLine, skin_photo: Path
) -> None:
    done = reddots("assess", skin_photo, "gone.jpg", *EMERGENCY, "--json")
    result = json.loads(done.out)
    assert done.code == 1, "one input failed"
    assert done.err == "reddots: photo not used: The photo is not there.\n"
    assert (result["photo"]["status"], result["urgency"]) == ("ok", "emergency")


def test_a_photo_without_skin_is_no_failure_but_is_said(
    reddots: CommandLine, tmp_path: Path
) -> None:
    Image.new("RGB", (300, 300), BLUE).save(tmp_path / "sky.png")
    done = reddots("assess", tmp_path / "sky.png", *EMERGENCY)
    assert done.code == 0
    assert "photo not used: The photo does not seem to show skin." in done.err
    assert "EMERGENCY" in done.out


def test_a_blurred_photo_is_used_and_a_better_one_is_asked_for(
    reddots: CommandLine, tmp_path: Path
) -> None:
    Image.new("RGB", (300, 300), (214, 168, 144)).save(tmp_path / "blurred.png")
    done = reddots("assess", tmp_path / "blurred.png", *EMERGENCY)
    assert (done.code, done.err) == (0, "")
    assert "The photo is not sharp." in done.out


def test_answers_from_a_file_and_from_the_command_line_are_joined(
    reddots: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "answers.json"
    path.write_text('{"fever": "yes", "sites": ["face"]}')
    done = reddots("assess", "--answers", path, "--set", "blanches=no", "--json")
    assert json.loads(done.out)["answers"] == {
        "blanches": "no", "fever": "yes", "sites": ["face"],
    }  # fmt: skip
    twice = reddots("assess", "--answers", path, "--set", "fever=no")
    assert twice.code == 2
    assert "answered twice" in twice.err


def test_answers_are_assessed_without_any_checkpoint(
    reddots: CommandLine, monkeypatch: pytest.MonkeyPatch, skin_photo: Path
) -> None:
    monkeypatch.setenv("REDDOTS_CHECKPOINT", "gone.json")
    done = reddots("assess", *EMERGENCY, "--json")
    assert (done.code, json.loads(done.out)["model"]) == (0, None)
    with_photo = reddots("assess", skin_photo, *EMERGENCY)
    assert with_photo.code == 2
    assert "gone.json" in with_photo.err


# ---------------------------------------------------------------- many cases


def test_cases_come_from_standard_input_and_go_to_standard_output() -> None:
    done = run("triage", "-", stdin=b'{"id": 1, "answers": {"fever": "yes", "blanches": "no"}}\n')
    assert done.returncode == 0
    assert json.loads(done.stdout)["urgency"] == "emergency"
    assert done.stderr.decode() == "reddots: 1 cases, 0 errors\n"


def test_photos_of_cases_are_beside_the_file(
    reddots: CommandLine, tmp_path: Path, skin_photo: Path
) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps({"id": "a", "answers": {}, "photo": skin_photo.name}) + "\n")
    done = reddots("triage", cases)
    result = json.loads(done.out)
    assert result["photo"]["status"] == "ok"
    assert result["model"]["version"] == "0.0.0"


def test_an_id_that_only_json_can_write_comes_back(reddots: CommandLine, tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.jsonl", tmp_path / "out.jsonl"
    cases.write_text('{"id": "\\ud800", "answers": {}}\n{"id": "ä斑", "answers": {}}\n')
    done = reddots("triage", cases, "-o", out)
    results = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert done.code == 0
    assert [r["id"] for r in results] == ["\ud800", "ä斑"]


def test_results_that_cannot_be_written_are_exit_code_2(
    reddots: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "cases.jsonl").write_text('{"id": 1, "answers": {}}\n')
    done = reddots("triage", tmp_path / "cases.jsonl", "-o", tmp_path / "no" / "out.jsonl")
    assert done.code == 2
    assert "there is no folder" in done.err


def test_answers_alone_need_nothing_slow() -> None:
    code = (
        "import sys\n"
        "sys.argv = ['reddots', 'assess', '--set', 'fever=yes', '--json']\n"
        "from reddots.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        "slow = {'torch', 'onnxruntime', 'gradio', 'pyarrow', 'sklearn', 'pillow_heif'}\n"
        "sys.stderr.write(str(sorted(slow & set(sys.modules))))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stderr == b"[]"


def test_every_command_explains_itself(reddots: CommandLine) -> None:
    top = reddots("--help")
    assert top.code == 0
    for command in (
        "serve",
        "assess",
        "triage",
        "classify",
        "train",
        "calibrate",
        "export",
        "data",
    ):
        assert command in top.out
        assert reddots(command, "--help").code == 0


@pytest.mark.parametrize("arguments", [["measles"], ["assess", "--colour"], ["triage"]])
def test_unknown_commands_and_options_are_exit_code_2(
    reddots: CommandLine, arguments: list[str]
) -> None:
    done = reddots(*arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
