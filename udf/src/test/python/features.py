"""Makes the expected hidden states of all tiny models: features.json next to the model.onnx of every masked
case of exports.py and every case of causal.py, and tiny/features.json for the weights of tiny_bert.py.

    {"cases": [{"text", "ids", "special", "states", "mean", "cls"}, ...]}

"states" is the last_hidden_state of the model without its head (transformers' base_model), a row per token:
behind the final norm where there is one, before whatever the head does. The tokens are those of the
tokenizer's own template; "special" is 1 where the template put a token. "mean" is over all tokens, specials
included, as sentence-transformers has it; "cls" is the state of the first token. Numbers have 6 digits.
In half precision the states are those of the rounded weights, calculated in single precision.

The weights are made anew: the seed is the first one whose logits are those of the stored model.onnx. Rerun
after exports.py, causal.py or tiny_bert.py (all cases, or the ones named, as in exports/bert causal/llama tiny):

    src/test/python/setup.sh && target/python/bin/python src/test/python/features.py [folder ...]
"""

import json
import sys

import numpy as np
import onnxruntime
import torch

import causal
import exports
from reference import RESOURCES, write_json
from tiny_bert import TINY, tiny_bert

TEXTS = ["The capital of France is Paris.", "Un caf\u00e9, \U0001f600!", "a"]
# The last one is as long as the tiny BERT reads.
TINY_TEXTS = [*TEXTS, "The man worked in the " + "city of paris and " * 14 + "said"]
LARGEST = 40_000


def digits(values):
    return [float(f"{v:.6g}") for v in values]


def features(base, tokenizer, text):
    encoding = tokenizer(text, return_special_tokens_mask=True)
    ids, special = encoding["input_ids"], encoding["special_tokens_mask"]
    # Special tokens in the text itself, and [UNK], are not the template's.
    plain = [id_ for id_, s in zip(ids, special) if not s]
    assert plain == tokenizer(text, add_special_tokens=False)["input_ids"], text
    assert all(encoding["attention_mask"]) and not any(encoding.get("token_type_ids", []))
    with torch.no_grad():
        states = base(input_ids=torch.tensor([ids])).last_hidden_state[0]
    assert states.dtype == torch.float32 and states.shape == (len(ids), base.config.hidden_size)
    states = states.double().numpy()
    return {
        "text": text, "ids": ids, "special": special, "states": [digits(row) for row in states],
        "mean": digits(states.mean(0)), "cls": digits(states[0]),
    }


def write(folder, model, tokenizer, texts):
    assert type(model.base_model) is not type(model)
    path = folder / "features.json"
    write_json(path, {"cases": [features(model.base_model, tokenizer, text) for text in texts]})
    assert path.stat().st_size < LARGEST, path


def off_by(model, tokenizer, inputs, real):
    """The largest difference of the model's logits from those of the stored one, without padding."""
    return max(np.abs(real(text) - scores(model, tokenizer, inputs, text)).max() for text in TEXTS)


def scores(model, tokenizer, inputs, text):
    names = [name for name in inputs if name in (exports.IDS, exports.MASK, exports.TYPES)]
    with torch.no_grad():
        return model(**dict(zip(names, exports.sample(tokenizer, [text], names)))).logits[0].double().numpy()


def rebuilt(folder, tokenizer, new_model, inputs, values, tolerance):
    """The model whose logits are those of model.onnx: (model, seed, difference of the logits)."""
    session = onnxruntime.InferenceSession(folder / "model.onnx")
    answers = {}
    for text in TEXTS:
        named = {name: value.numpy() for name, value in values(text).items()}
        answers[text] = session.run(["logits"], named)[0][0].astype(float)
        assert np.ptp(answers[text]) > 1, text
    for seed in range(1, 1000):
        model = new_model(tokenizer, seed)
        off = off_by(model, tokenizer, inputs, answers.get)
        if off < tolerance:
            return model, seed, off
    raise AssertionError(f"{folder.name}: no seed gives the logits of model.onnx")


def make_masked(case):
    new_tokenizer, new_model, inputs, _ = exports.CASES[case]
    folder, tokenizer = exports.EXPORTS / case, new_tokenizer()

    def values(text):
        return dict(zip(inputs, exports.sample(tokenizer, [text], inputs)))

    tolerance = 2e-2 if case.endswith("fp16") else 1e-3
    model, seed, off = rebuilt(folder, tokenizer, new_model, inputs, values, tolerance)
    print(f"exports/{case}: seed {seed}, logits off by {off:.1e}")
    write(folder, model.float(), tokenizer, TEXTS)


def make_causal(case):
    new_tokenizer, new_model, inputs = causal.CASES[case]
    folder, tokenizer = causal.CAUSAL / case, new_tokenizer()
    config = new_model(tokenizer, 1)

    def values(text):
        return causal.sample(config, [tokenizer(text)["input_ids"]], inputs)

    model, seed, off = rebuilt(folder, tokenizer, new_model, inputs, values, 1e-3)
    print(f"causal/{case}: seed {seed}, logits off by {off:.1e}")
    write(folder, model, tokenizer, TEXTS)


def make_tiny():
    """The model of tiny_bert.py, which has to give the scores of tiny/fill-mask.json."""
    model, tokenizer = tiny_bert()
    known = json.loads((TINY / "fill-mask.json").read_text(encoding="utf-8"))
    case = next(c for c in known if c["name"] == "whole vocabulary")
    at = tokenizer(case["text"])["input_ids"].index(tokenizer.mask_token_id)
    shares = torch.softmax(torch.from_numpy(scores(model, tokenizer, exports.THREE, case["text"])[at]), -1)
    off = max(abs(row["score"] / shares[row["token"]].item() - 1) for row in case["masks"][0])
    assert len(case["masks"][0]) == len(tokenizer) and off < 1e-3, off
    lengths = [len(tokenizer(text)["input_ids"]) for text in TINY_TEXTS]
    assert max(lengths) == lengths[-1] == model.config.max_position_embeddings, lengths
    print(f"tiny: scores off by {off:.1e}")
    write(TINY, model, tokenizer, TINY_TEXTS)


MAKERS = {f"exports/{case}": (make_masked, case) for case in exports.CASES if not case.startswith("not-mlm")}
MAKERS |= {f"causal/{case}": (make_causal, case) for case in causal.CASES} | {"tiny": (make_tiny,)}


def main():
    torch.set_num_threads(2)
    for folder in sys.argv[1:] or MAKERS:
        maker, *case = MAKERS[folder]
        maker(*case)


if __name__ == "__main__":
    main()
