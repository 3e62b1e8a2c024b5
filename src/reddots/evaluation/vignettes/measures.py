"""Measures of triage: safety, missed emergencies, over-triage, exactness, comprehensiveness.

Those of studies of symptom checkers (Semigran et al., BMJ 2015;351:h3480; Kopka et al., Digital
Health 2023;9, and their R package symptomcheckR), with Wilson intervals and paired comparisons.
"""

from itertools import combinations
from typing import Any

import numpy as np
from statsmodels.stats.multitest import multipletests

from reddots.evaluation.core.scored import Flags, Floats
from reddots.evaluation.metrics.inference.bootstrap import interval, percentiles
from reddots.evaluation.metrics.inference.mcnemar import mcnemar
from reddots.evaluation.metrics.inference.proportions import share
from reddots.evaluation.vignettes.results import Results

SCHEMA = "reddots.score/1"
_REPLICATES = 2000
_COMPARED = ("safe", "exact")


def score(results: Results, seed: int = 0) -> dict[str, Any]:
    """Return every measure of every system, as JSON.

    Without advice a case is neither safe nor exact; ``safe_given`` and ``exact_given`` are of the
    cases with advice, as in symptomcheckR.

    Args:
        results: what the systems advised.
        seed: of the bootstrap of paired differences.
    """
    everything = np.ones(len(results.vignettes), dtype=bool)
    order = results.scale.order
    gold = np.array([v.gold for v in results.vignettes])
    difficulty = item_difficulty(results)
    capability = capability_scores(results)
    systems = {}
    for place, name in enumerate(results.systems):
        own = {
            **measures(results, place, everything),
            "capability_comparison_score": None if capability is None else float(capability[place]),
            "missed_emergencies": [
                v.id
                for v, safe in zip(results.vignettes, results.safe[place], strict=True)
                if v.gold in results.scale.emergencies and not safe
            ],
            "by_level": {
                order[level]: measures(results, place, gold == level)
                for level in sorted(set(gold.tolist()), reverse=True)
            },
            "by_group": {},
            "confusion": _confusion(results, place),
        }
        for attribute in results.vignettes[0].groups:
            words = np.array([v.groups[attribute] for v in results.vignettes])
            own["by_group"][attribute] = {
                str(word): measures(results, place, words == word) for word in sorted(set(words))
            }
        systems[name] = own
    return {
        "schema": SCHEMA,
        "n": len(results.vignettes),
        "levels": list(order),
        "systems": systems,
        "item_difficulty": None
        if difficulty is None
        else {v.id: float(d) for v, d in zip(results.vignettes, difficulty, strict=True)},
        "comparisons": compare_systems(results, seed),
        "settings": {"seed": seed, "replicates": _REPLICATES},
    }


def measures(results: Results, system: int, own: Flags) -> dict[str, Any]:
    """Return the measures of some vignettes.

    Args:
        results: what the systems advised.
        system: its place.
        own: N, which vignettes.
    """
    given, safe = results.given[system], results.safe[system]
    over, exact = results.over[system], results.exact[system]
    emergencies = np.array([v.gold in results.scale.emergencies for v in results.vignettes])
    wrong = given & ~exact
    result: dict[str, Any] = {"n": int(own.sum()), "given": int((given & own).sum())}
    for name, hits, among in (
        ("comprehensiveness", given, own),
        ("safe", safe, own),
        ("safe_given", safe, own & given),
        ("exact", exact, own),
        ("exact_given", exact, own & given),
        ("over", over, own),
        ("under", given & ~safe, own),
        ("missed_emergency", ~safe, own & emergencies),
        ("inclination_to_over_triage", over, own & wrong),
    ):
        found = share(hits, among, np.arange(len(own)))
        result[name], result[f"{name}_ci"] = found
    return result


def item_difficulty(results: Results) -> Floats | None:
    """Return the share of the systems with advice that were exact (N); None from one system.

    High values are easy cases. NaN where no system gave advice.
    """
    if len(results.systems) < 2:
        return None
    given = results.given.sum(axis=0)
    with np.errstate(invalid="ignore"):
        difficulty: Floats = (results.exact & results.given).sum(axis=0) / given
    return difficulty


def capability_scores(results: Results) -> Floats | None:
    """Return each system's capability comparison score (S), 0 to 100; None from one system.

    Exact advice counts by how many systems failed, other advice against it by how many did not
    (Kopka et al. 2023); 50 is as good as the others on the cases that it took.
    """
    difficulty = item_difficulty(results)
    if difficulty is None:
        return None
    scores = []
    for given, exact in zip(results.given, results.exact, strict=True):
        own = np.where(exact, 1 - difficulty, -difficulty)[given]
        scores.append(100 * (own.mean() + 1) / 2 if len(own) else np.nan)
    return np.array(scores)


def compare_systems(results: Results, seed: int) -> list[dict[str, Any]]:
    """Return every pair's differences in safety and exactness, second minus first.

    McNemar's exact test, corrected by Holm over all pairs and measures; intervals by a paired
    bootstrap of vignettes.
    """
    rng = np.random.default_rng(seed)
    count = len(results.vignettes)
    found: list[dict[str, Any]] = []
    draws = rng.integers(count, size=(_REPLICATES, count))
    for first, second in combinations(range(len(results.systems)), 2):
        for name in _COMPARED:
            flags = getattr(results, name)
            test = mcnemar(flags[first], flags[second], np.arange(count))
            gap = flags[second].astype(float) - flags[first]
            ends = percentiles(gap[draws].mean(axis=1)[:, None], max(count - 1, 1))
            found.append(
                {
                    "first": results.systems[first],
                    "second": results.systems[second],
                    "measure": name,
                    "difference": float(gap.mean()),
                    "difference_ci": interval(ends[:, 0], difference=True),
                    "only_first": test.only_first,
                    "only_second": test.only_second,
                    "p": test.p_value,
                }
            )
    if found:
        corrected = multipletests([entry["p"] for entry in found], method="holm")[1]
        for entry, value in zip(found, corrected, strict=True):
            entry["p_holm"] = float(value)
    return found


def _confusion(results: Results, system: int) -> list[list[int]]:
    """Return gold levels × advised levels, the last column for no advice."""
    size = len(results.scale.order)
    table = np.zeros((size, size + 1), dtype=int)
    for vignette, level in zip(results.vignettes, results.advised[system], strict=True):
        table[vignette.gold, size if np.isnan(level) else int(level)] += 1
    return [[int(n) for n in row] for row in table]
