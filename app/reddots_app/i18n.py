"""What the page itself says, by language, from ``data/locale/page.<code>.toml``."""

import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec

from reddots._resources import folder
from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError

FALLBACK = "en"  # the language every key is written in first, and that of the knowledge

Four = tuple[str, str, str, str]


class LanguageTexts(Entry, frozen=True):
    """The language's code and own name, and the label of the choice."""

    code: str
    name: str
    switch: str


class EmergencyNumber(Entry, frozen=True):
    """A number to call, and where it works."""

    number: str
    place: str


class FrameTexts(Entry, frozen=True):
    """What stands around every step."""

    title: str
    tagline: str
    check_tab: str
    about_tab: str
    emergency_line: str
    privacy_title: str
    privacy_short: str
    privacy_more: str
    privacy: str
    not_a_doctor: str
    start_again: str
    forgotten: str
    other_language_knowledge: str


class PhotoTexts(Entry, frozen=True):
    """The step that takes photos."""

    title: str
    lead: str
    how_title: str
    how: tuple[str, ...]
    choose: str
    choose_more: str
    skip: str
    go_on: str
    remove: str
    cut_out: str
    cut_again: str
    no_spots: str
    name: str
    fine: str
    weak: str
    rejected: str
    no_model: str
    too_many: str
    not_dead_end: str
    failed: str
    busy: str


class CutTexts(Entry, frozen=True):
    """How a part of a photo is cut out.

    Attributes:
        corners: by row, from the top left.
        numbers: left, top, width, height.
    """

    title: str
    help: str
    picture: str
    frame: str
    corners: Four
    smaller: str
    larger: str
    keys_title: str
    keys: str
    numbers: Four
    said: str
    use: str
    whole: str


class QuestionTexts(Entry, frozen=True):
    """The step that asks."""

    progress: str
    left_one: str
    left_many: str
    warning_signs: str
    about_person: str
    about_spots: str
    why: str
    explain: str
    yes: str
    no: str
    not_sure: str
    your_answer: str
    number_label: str
    age: str
    age_help: str
    unit: str
    years: str
    months: str
    one_month: str
    some_months: str
    choose_all: str
    next: str
    none: str
    none_other: str
    back: str
    skip: str
    show_result: str
    need_number: str
    need_choice: str


class ResultTexts(Entry, frozen=True):
    """The step that tells."""

    urgency_label: str
    emergency: str
    same_day: str
    within_days: str
    routine: str
    unsettled: str
    at_least: str
    self_care: str
    call: str
    wrong_answer: str
    back: str
    more: str
    interrupted: str
    why: str
    also: str
    do_now: str
    watch_for: str
    tell_the_doctor: str
    candidates: str
    candidates_lead: str
    nothing_known: str
    more_likely: str
    possible: str
    less_likely: str
    numbers: str
    number_column: str
    share_column: str
    percent: str
    under_one_percent: str
    over_99_percent: str
    evidence: str
    evidence_lead: str
    speaks_for: str
    speaks_against: str
    counted_elsewhere: str
    the_photo: str
    no_evidence: str
    photo: str
    photo_used: str
    photo_unused: str
    photo_none: str
    photo_abstained: str
    show_mattered: str
    map: str
    mattered: str
    nothing_mattered: str
    photo_limits_title: str
    photo_limits: str
    about: str
    good_to_know: str
    answers: str
    denied: str
    check_again: str
    sources: str
    source: str
    disclaimer: str
    model: str
    date: str
    print: str
    print_photo: str
    print_title: str


class AboutTexts(Entry, frozen=True):
    """The tab that explains the kinds of spots."""

    lead: str
    also_called: str
    photo_shows: str
    photo_own: str
    photo_shared: str
    photo_neutral: str
    source: str


class ResearchTexts(Entry, frozen=True):
    """The tab for research."""

    tab: str
    title: str
    lead: str
    predictions: str
    manifest: str
    evaluate: str
    photos: str
    classify: str
    need_both: str
    need_photos: str
    download: str


class PageTexts(Entry, frozen=True):
    """Everything the page says in one language; ``topics`` are headings by a fact's topic."""

    language: LanguageTexts
    emergency_number: tuple[EmergencyNumber, ...]
    frame: FrameTexts
    photo: PhotoTexts
    cut: CutTexts
    question: QuestionTexts
    result: ResultTexts
    about: AboutTexts
    research: ResearchTexts
    topics: Mapping[str, str]


@cache
def page_texts() -> Mapping[str, PageTexts]:
    """Return the shipped texts by language code, the fallback first; read on first use."""
    return read_page_texts(folder("data") / "locale")


def read_page_texts(data: Path) -> dict[str, PageTexts]:
    """Read every ``page.<code>.toml`` in the folder ``data``.

    Raises:
        KnowledgeError: one does not fit, or differs from English in its keys or placeholders.
    """
    codes = sorted(path.name.split(".")[1] for path in data.glob("page.*.toml"))
    if FALLBACK not in codes:
        raise KnowledgeError(f"page.{FALLBACK}.toml: cannot be read.")
    codes.sort(key=lambda code: code != FALLBACK)
    texts = {code: read_toml(data / f"page.{code}.toml", PageTexts) for code in codes}
    model = dict(_placeholders(msgspec.to_builtins(texts[FALLBACK])))
    for code, page in texts.items():
        if page.language.code != code:
            raise KnowledgeError(f"page.{code}.toml: its code is “{page.language.code}”.")
        found = dict(_placeholders(msgspec.to_builtins(page)))
        for key in model.keys() | found.keys():
            if model.get(key) != found.get(key):
                raise KnowledgeError(
                    f"page.{code}.toml: “{key}” must be there with the same {{placeholders}} as "
                    f"in page.{FALLBACK}.toml."
                )
    return texts


def preferred_language(accept: str, texts: Mapping[str, PageTexts]) -> str:
    """Return the language to start in, by the browser's ``Accept-Language`` header."""
    wishes = []
    for position, part in enumerate(accept.split(",")):
        tag, _, weight = part.partition(";")
        quality = weight.strip().removeprefix("q=")
        try:
            rank = float(quality) if quality else 1.0
        except ValueError:
            continue
        wishes.append((-rank, position, tag.strip().lower().partition("-")[0]))
    return next((code for _, _, code in sorted(wishes) if code in texts), FALLBACK)


def _placeholders(value: object, key: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _placeholders(inner, f"{key}.{name}".lstrip("."))
    elif isinstance(value, str):
        try:
            yield key, frozenset(name for _, name, _, _ in string.Formatter().parse(value) if name)
        except ValueError as error:
            raise KnowledgeError(
                f"The page's text “{key}” has a brace that stands alone."
            ) from error
