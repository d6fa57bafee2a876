"""Makes the expectations of `perplexity` for the tiny BERT: tiny/pll.json, tiny/masked.json, tiny/examples.json.

Everything is computed by transformers one row at a time, without batches and without padding: pseudo-log-likelihoods
with a window around each token, and the cross-entropy of a random share of the tokens. What is drawn comes from SHA-256 of
"seed/window/position/document" (hashlib), as the Javadoc of `Draw` says. examples.json is the evaluation of the Trainer: rows
are grouped as run_mlm groups them, and the loss of a batch counts once for each of its examples. Rerun:

    src/test/python/setup.sh && target/python/bin/python src/test/python/perplexity.py
"""

import hashlib
import math

import torch

from reference import write_json
from tiny_bert import TINY, tiny_bert

LIMIT = 64
WORDS = "the capital of france is paris a model hello new working cyborg city naively".split()
TEXTS = [
    "The capital of France is Paris.",
    "a",
    "Un caf\u00e9 na\u00efve \U0001f600 of cyborg working, naively!",
    "hello [MASK] the [SEP] city [UNK] zzz",
    "paris \u5df4\u9ece is \u6cd5\u56fd \u0645\u0631\u062d\u0628\u0627 e\u0301\u0000 ok",
    "a" * 70 + " paris " + "naively" * 12,
    " ".join(WORDS[(i * i + i // 3) % len(WORDS)] for i in range(150)),
]


def log_probabilities(model, ids, positions):
    with torch.no_grad():
        logits = model(input_ids=torch.tensor([ids])).logits[0].double()
    return torch.log_softmax(logits[positions], -1)


def around(content, at, room):
    """The run of `room` tokens with token `at` as near to its middle as the ends of the text allow."""
    begin = max(0, min(at - room // 2, len(content) - room))
    return content[begin : begin + room], at - begin


def pll(model, tokenizer, text, later_pieces):
    """Minus the log-probability of each token when it is masked, alone or with the later pieces of its word."""
    encoding = tokenizer(text, add_special_tokens=False)
    content, words = encoding["input_ids"], encoding.word_ids()
    mask, cls, sep = tokenizer.mask_token_id, tokenizer.cls_token_id, tokenizer.sep_token_id
    nlls = []
    for i, id_ in enumerate(content):
        hidden = [
            mask if j == i or later_pieces and j > i and words[j] == words[i] else other
            for j, other in enumerate(content)
        ]
        seen, at = around(hidden, i, LIMIT - 2)
        nlls.append(-log_probabilities(model, [cls] + seen + [sep], [at + 1])[0, id_].item())
    return nlls


def draw(seed, window, position, document):
    digest = hashlib.sha256(f"{seed}/{window}/{position}/{document}".encode()).digest()
    return [(int.from_bytes(digest[8 * k : 8 * k + 8], "big") >> 11) / 2**53 for k in range(4)]


def windows(count, room):
    """(begin, own tokens) of each window; a token is seen best where a cut is farthest from it, in a tie in the later one."""
    begins = [0]
    while begins[-1] + room < count:
        begins.append(min(begins[-1] + room // 2, count - room))
    own = {begin: [] for begin in begins}
    for i in range(count):
        best = None
        for begin in begins:
            if begin <= i < begin + room:
                left = math.inf if begin == 0 else i - begin
                right = math.inf if begin + room >= count else begin + room - 1 - i
                if best is None or min(left, right) >= best[0]:
                    best = (min(left, right), begin)
        own[best[1]].append(i)
    return [(begin, own[begin]) for begin in begins]


def hide(tokenizer, id_, numbers, only_masks):
    if only_masks or numbers[1] < 0.8:
        return tokenizer.mask_token_id
    return int(numbers[2] * len(tokenizer)) if numbers[1] < 0.9 else id_


def masked(model, tokenizer, document, text, share, seed, only_masks):
    """(position, nll) of every token drawn, with positions that count [CLS]."""
    content = tokenizer(text, add_special_tokens=False)["input_ids"]
    room = LIMIT - 2
    found = []
    for number, (begin, own) in enumerate(windows(len(content), room)):
        seen = content[begin : begin + room]
        drawn = []
        for i in own:
            numbers = draw(seed, number, i + 1, document)
            if numbers[0] < share:
                seen[i - begin] = hide(tokenizer, content[i], numbers, only_masks)
                drawn.append(i)
        if drawn:
            ids = [tokenizer.cls_token_id] + seen + [tokenizer.sep_token_id]
            rows = log_probabilities(model, ids, [i - begin + 1 for i in drawn])
            found += [(i + 1, -rows[k, content[i]].item()) for k, i in enumerate(drawn)]
    return sorted(found)


def blocks(tokenizer, rows, size):
    """Examples of run_mlm without --line_by_line: (batch of rows, number in it, ids, special)."""
    for batch in range(0, len(rows), 1000):
        ids, special = [], []
        for row in rows[batch : batch + 1000]:
            encoding = tokenizer(row, return_special_tokens_mask=True)
            ids += encoding["input_ids"]
            special += encoding["special_tokens_mask"]
        for k in range(len(ids) // size):
            cut = slice(k * size, (k + 1) * size)
            yield batch // 1000, k, ids[cut], special[cut]


def lines(tokenizer, rows, size):
    """Examples of run_mlm --line_by_line: rows that are not blank, cut at `size` tokens."""
    for batch in range(0, len(rows), 1000):
        kept = [row for row in rows[batch : batch + 1000] if len(row) > 0 and not row.isspace()]
        for k, row in enumerate(kept):
            encoding = tokenizer(row, truncation=True, max_length=size, return_special_tokens_mask=True)
            yield batch // 1000, k, encoding["input_ids"], encoding["special_tokens_mask"]


def evaluate(model, tokenizer, examples, share, seed, only_masks, batch_size):
    """The Trainer's eval_loss: the mean loss of each batch, weighted by its examples; and what it is made of."""
    scored = []
    for batch, k, ids, special in examples:
        seen, drawn = list(ids), []
        for position, id_ in enumerate(ids):
            numbers = draw(seed, 0, position, f"{batch}-{k}")
            if not special[position] and numbers[0] < share:
                seen[position] = hide(tokenizer, id_, numbers, only_masks)
                drawn.append(position)
        nll = 0.0
        if drawn:
            rows = log_probabilities(model, seen, drawn)
            nll = -sum(rows[i, ids[position]].item() for i, position in enumerate(drawn))
        scored.append({"id": f"{batch}-{k}", "tokens": special.count(0), "scored": len(drawn), "nll": nll})
    weighted = weight = 0
    for begin in range(0, len(scored), batch_size):
        group = scored[begin : begin + batch_size]
        masked_tokens = sum(example["scored"] for example in group)
        if masked_tokens:
            weighted += len(group) * sum(example["nll"] for example in group) / masked_tokens
            weight += len(group)
    return {"eval_loss": weighted / weight, "perplexity": math.exp(weighted / weight), "examples": scored}


def corpus():
    """1,130 rows, so that there are two batches of 1,000 rows; some are empty or blank, some longer than an example."""
    rows = []
    for i in range(1130):
        rows.append(" ".join(WORDS[(i * 7 + j * j) % len(WORDS)] for j in range(i * i % 23 if i % 90 else 40)))
    rows[3], rows[17], rows[1001] = " ", "\u00a0\t", "\x1c"
    rows[40:75] = [""] * 35  # so many that some blocks are special tokens only
    return rows


def main():
    model, tokenizer = tiny_bert()
    cases = []
    for text in TEXTS:
        offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
        cases.append({
            "text": text, "offsets_in_code_points": offsets,
            "token": pll(model, tokenizer, text, False), "word_left_to_right": pll(model, tokenizer, text, True)})
    write_json(TINY / "pll.json", cases)

    cases = []
    for number, text in enumerate(TEXTS):
        for share, seed, only_masks in ((0.15, 42, False), (0.5, 0, True), (1.0, 7, False)):
            found = masked(model, tokenizer, f"doc-{number}", text, share, seed, only_masks)
            cases.append({
                "id": f"doc-{number}", "text": text, "share": share, "seed": seed, "only_masks": only_masks,
                "positions": [p for p, _ in found], "nlls": [n for _, n in found]})
    write_json(TINY / "masked.json", cases)

    rows = corpus()
    cases = []
    for name, examples in (("blocks", blocks(tokenizer, rows, 32)), ("line-by-line", lines(tokenizer, rows, 16))):
        size = 32 if name == "blocks" else 16
        made = list(examples)
        for batch_size in (8, 3):
            cases.append({"grouping": name, "size": size, "share": 0.15, "seed": 42, "batch_size": batch_size}
                         | evaluate(model, tokenizer, made, 0.15, 42, False, batch_size))
    write_json(TINY / "examples.json", {"rows": rows, "cases": cases})


if __name__ == "__main__":
    main()
