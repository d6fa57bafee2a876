"""Shared by the reference scripts: runs the transformers fill-mask pipeline and writes test cases.

Not a script itself. A fill-mask case is

    {"name", "text", optional "pair", "top_k", optional "targets", "clean_up", "mask_count",
     "masks": [[{"score", "token", "token_str", "sequence"}, ...] per mask]   or   "error": message}

and a word-target case is

    {"name", "text", optional "pair", "targets",
     "masks": [[{"target", "pieces", "score"}, ... best first] per mask]}

where a score of the latter is the natural logarithm of the joint probability of all pieces.
"""

import json
import warnings
from pathlib import Path

import torch
import transformers

transformers.logging.set_verbosity_error()
warnings.filterwarnings("ignore", category=DeprecationWarning)
RESOURCES = Path(__file__).resolve().parents[1] / "resources" / "dev" / "cloze"


def fill_mask(pipe, name, text, pair=None, top_k=5, targets=None, clean_up=False):
    """One fill-mask case: what the pipeline answers, or the message of the error that it raises."""
    tokenizer = pipe.tokenizer
    tokenizer.clean_up_tokenization_spaces = clean_up
    case = {"name": name, "text": text}
    if pair is not None:
        case["pair"] = pair
    case["top_k"] = top_k
    if targets is not None:
        case["targets"] = targets
    case["clean_up"] = clean_up
    ids = encode(tokenizer, text, pair)["input_ids"]
    case["mask_count"] = ids.count(tokenizer.mask_token_id)
    try:
        if pair is None:
            rows = pipe(text, top_k=top_k, targets=targets)
            case["masks"] = [rows] if case["mask_count"] == 1 else rows
        else:
            case["masks"] = fill_pair(pipe, text, pair, top_k, targets)
    except Exception as e:  # whatever the pipeline raises is the expectation
        case["error"] = str(e)
    return case


def fill_pair(pipe, text, pair, top_k, targets):
    """The pipeline's own post-processing for a text pair, which the pipeline itself cannot take."""
    encoding = pipe.tokenizer(text, pair, return_tensors="pt")
    pipe.ensure_exactly_one_mask_token(encoding)
    with torch.no_grad():
        outputs = {"logits": pipe.model(**encoding).logits, "input_ids": encoding["input_ids"]}
    target_ids = None if targets is None else pipe.get_target_ids(targets)
    rows = pipe.postprocess(outputs, top_k=top_k, target_ids=target_ids)
    return [rows] if isinstance(rows[0], dict) else rows


def word_targets(pipe, name, text, targets, pair=None):
    """One word-target case: every target scored at every mask, left to right over its pieces."""
    tokenizer, model = pipe.tokenizer, pipe.model
    encoding = encode(tokenizer, text, pair)
    ids, types = encoding["input_ids"], encoding.get("token_type_ids")
    mask = tokenizer.mask_token_id
    masks = []
    for at in [i for i, id_ in enumerate(ids) if id_ == mask]:
        row = []
        for target in targets:
            pieces = tokenizer(target, add_special_tokens=False)["input_ids"]
            score = 0.0
            for k, piece in enumerate(pieces):
                # The target's place holds the pieces before k, then masks for the rest of the word.
                filled = ids[:at] + pieces[:k] + [mask] * (len(pieces) - k) + ids[at + 1:]
                inputs = {"input_ids": torch.tensor([filled])}
                inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
                if types is not None:
                    spread = types[:at] + [types[at]] * len(pieces) + types[at + 1:]
                    inputs["token_type_ids"] = torch.tensor([spread])
                with torch.no_grad():
                    logits = model(**inputs).logits[0, at + k].double()
                score += torch.log_softmax(logits, -1)[piece].item()
            row.append({"target": target, "pieces": pieces, "score": score})
        row.sort(key=lambda r: -r["score"])
        masks.append(row)
    case = {"name": name, "text": text}
    if pair is not None:
        case["pair"] = pair
    return case | {"targets": targets, "masks": masks}


def encode(tokenizer, text, pair=None):
    return dict(tokenizer(text, pair) if pair is not None else tokenizer(text))


def write_json(path, value):
    """Writes JSON with one line per candidate, so that a change shows up as a small diff."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_lines(value, "") + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


def _lines(value, indent):
    flat = json.dumps(value, ensure_ascii=False)
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if indent and (len(flat) <= 100 or not any(isinstance(v, (list, dict)) for v in children)):
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        body = [f"{inner}{json.dumps(k)}: {_lines(v, inner)}" for k, v in value.items()]
        return "{\n" + ",\n".join(body) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _lines(v, inner) for v in value) + f"\n{indent}]"


def smallest_gap(cases):
    """The smallest relative distance of two neighbours in any ranking: how safe the order is."""
    gaps = [1 - b["score"] / a["score"] for c in cases for row in c.get("masks", [])
            for a, b in zip(row, row[1:])]
    return min(gaps, default=1.0)
