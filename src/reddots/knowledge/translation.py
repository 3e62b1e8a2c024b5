"""Translation (i18n) of all texts a person reads, from ``data/locale/texts.<code>.toml``.

Ids, rules and weights are the same in every language; only words differ. A text that is missing, or
that no English text stands behind, is an error, so that nobody reads half of a warning.
"""

import string
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from reddots._resources import folder
from reddots._toml import Entry, read_toml
from reddots.errors import KnowledgeError
from reddots.knowledge.loader import Knowledge, load
from reddots.knowledge.rules import Rule
from reddots.knowledge.sources import Citations

SOURCE_LANGUAGE = "en"
_JOINT = "; "  # between the names of one category
_Texts = Mapping[str, Mapping[str, str]]
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "questions": ("text", "help", "why", "unit", "unit_one"),
    "options": ("text",),
    "screens": ("text", "help", "why"),
    "categories": ("name", "summary", "also_called"),
    "facts": ("text",),
    "rules": ("text",),
    "unsure": ("text",),
    "advice": ("text",),
    "photo_problems": ("text", "retake"),
    "contradictions": ("text",),
    "disclaimer": ("text",),
    "separator": ("text",),
    "gates": ("name",),
    "kinds": ("name", "advice"),
    "numbers": ("emergency", "advice_line"),
    "sources": ("title",),
}


class _File(Entry, frozen=True):
    questions: _Texts
    options: _Texts
    screens: _Texts
    categories: _Texts
    facts: _Texts
    rules: _Texts
    unsure: _Texts
    advice: _Texts
    photo_problems: _Texts
    contradictions: _Texts
    disclaimer: _Texts
    separator: _Texts
    gates: _Texts
    kinds: _Texts
    numbers: _Texts
    sources: _Texts


def languages() -> tuple[str, ...]:
    """Return the codes of the languages there are, English first."""
    found = sorted(p.name.split(".")[1] for p in (folder("data") / "locale").glob("texts.*.toml"))
    return (SOURCE_LANGUAGE, *found)


def load_in(language: str) -> Knowledge:
    """Return the shipped knowledge in ``language``, such as ``es``; unknown ones give English.

    Raises:
        KnowledgeError: the language's file does not fit.
    """
    if language == SOURCE_LANGUAGE or language not in languages():
        return load()
    if language not in _loaded:
        path = folder("data") / "locale" / f"texts.{language}.toml"
        _loaded[language] = translate(load(), path)
    return _loaded[language]


_loaded: dict[str, Knowledge] = {}


def translate(knowledge: Knowledge, path: Path) -> Knowledge:
    """Return ``knowledge`` with the texts of the file ``path``.

    Raises:
        KnowledgeError: a text is missing, empty or unknown, or its {placeholders} differ.
    """
    raw = read_toml(path, _File)
    texts: dict[str, str] = {}
    for table in _FIELDS:
        for entry, values in getattr(raw, table).items():
            texts.update({f"{table}.{entry}.{name}": text for name, text in values.items()})
    english = dict(texts_of(knowledge))
    if odd := sorted(english.keys() ^ texts.keys()):
        raise KnowledgeError(f"{path.name}: missing or unknown: {', '.join(odd[:5])}.")
    for key, text in texts.items():
        if not text.strip() or placeholders(text) != placeholders(english[key]):
            raise KnowledgeError(f"{path.name}: “{key}” is empty or has other placeholders.")
    return _with_texts(knowledge, texts)


def texts_of(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Yield key and text of everything a person reads, such as ``questions.fever.text``."""
    for table, entries in _entries(knowledge).items():
        for entry, value in entries.items():
            for name in _FIELDS[table]:
                text = value if isinstance(value, str) else getattr(value, name)
                if text:
                    shown = text if isinstance(text, str) else _JOINT.join(text)
                    yield f"{table}.{entry}.{name}", shown


def _entries(known: Knowledge) -> dict[str, dict[str, object]]:
    rules: dict[str, object] = {
        r.id: r for r in (*known.rules.rules, known.rules.default, known.rules.unsettled)
    }
    rules.update({r.id: r for r in known.rules.photo_rules})
    return {
        "questions": dict(known.questions),
        "options": {f"{q.id}_{o.id}": o for q in known.questions.values() for o in q.option},
        "screens": {s.id: s for s in known.screens},
        "categories": dict(known.categories),
        "facts": {_key(f.id): f for c in known.categories.values() for f in c.fact},
        "rules": rules,
        "unsure": {"full": known.rules.unsure_full, "lowered": known.rules.unsure_lowered},
        "advice": {_key(a.id): a for a in known.guidance.advice},
        "photo_problems": dict(known.guidance.photo_problems),
        "contradictions": {c.id: c for c in known.contradictions},
        "disclaimer": {"all": known.guidance.disclaimer},
        "separator": {"gates": known.guidance.separator},
        "gates": {g.id: g for g in known.gates},
        "kinds": {k.id: k for k in known.kinds},
        "numbers": {"elsewhere": known.guidance.numbers},
        "sources": {
            citation.id: citation.source
            for cited in (
                *(rule.sources for rule in known.rules.rules),
                *(rule.sources for rule in known.rules.photo_rules),
            )
            for citation in cited.all
            if citation.source.kind == "own"
        },
    }


def _with_texts(known: Knowledge, texts: Mapping[str, str]) -> Knowledge:
    def words(table: str, entry: str) -> dict[str, Any]:
        keys = {name: f"{table}.{entry}.{name}" for name in _FIELDS[table]}
        found: dict[str, Any] = {n: texts[key] for n, key in keys.items() if key in texts}
        if "also_called" in found:
            found["also_called"] = tuple(found["also_called"].split(_JOINT))
        return found

    def cited(sources: Citations) -> Citations:
        return sources.with_own_titles(titles)

    def rule(original: Rule) -> Rule:
        text = texts[f"rules.{original.id}.text"]
        return replace(original, text=text, sources=cited(original.sources))

    titles = {entry: texts[f"sources.{entry}.title"] for entry in _entries(known)["sources"]}
    struct = msgspec.structs.replace
    rules, guidance = known.rules, known.guidance
    return replace(
        known,
        questions={
            q.id: struct(
                q,
                **words("questions", q.id),
                option=tuple(struct(o, **words("options", f"{q.id}_{o.id}")) for o in q.option),
            )
            for q in known.questions.values()
        },
        categories={
            c.id: struct(
                c,
                **words("categories", c.id),
                fact=tuple(
                    struct(f, **words("facts", _key(f.id)), sources=cited(f.sources))
                    for f in c.fact
                ),
            )
            for c in known.categories.values()
        },
        evidence=known.evidence.with_sources(cited),
        rules=replace(
            rules,
            rules=tuple(map(rule, rules.rules)),
            photo_rules=tuple(
                struct(r, **words("rules", r.id), sources=cited(r.sources))
                for r in rules.photo_rules
            ),
            default=rule(rules.default),
            unsettled=rule(rules.unsettled),
            unsure_full=texts["unsure.full.text"],
            unsure_lowered=texts["unsure.lowered.text"],
        ),
        guidance=replace(
            guidance,
            advice=tuple(
                replace(a, text=texts[f"advice.{_key(a.id)}.text"], sources=cited(a.sources))
                for a in guidance.advice
            ),
            photo_problems={
                p.id: struct(p, **words("photo_problems", p.id))
                for p in guidance.photo_problems.values()
            },
            disclaimer=texts["disclaimer.all.text"],
            separator=texts["separator.gates.text"],
            numbers=struct(guidance.numbers, **words("numbers", "elsewhere")),
        ),
        screens=tuple(struct(s, **words("screens", s.id)) for s in known.screens),
        contradictions=tuple(
            replace(c, text=texts[f"contradictions.{c.id}.text"]) for c in known.contradictions
        ),
        gates=tuple(struct(g, **words("gates", g.id)) for g in known.gates),
        kinds=tuple(
            replace(k, **words("kinds", k.id), sources=cited(k.sources)) for k in known.kinds
        ),
    )


def _key(entry: str) -> str:
    # A dot would open a new table in TOML.
    return entry.replace(".", "_")


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
