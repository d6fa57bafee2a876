"""Makes the expectations for the tiny BERT: tiny/vocab.txt, tiny/fill-mask.json, tiny/word-targets.json.

The weights are not stored anywhere: every element is a formula of its tensor's name and its index
(see `weights`), which the Java tests repeat bit for bit. Rerun after a change of the vocabulary, the
formula or the cases:

    src/test/python/setup.sh && target/python/bin/python src/test/python/tiny_bert.py
"""

import numpy as np
import torch
from transformers import BertConfig, BertForMaskedLM, BertTokenizer, pipeline

from reference import RESOURCES, fill_mask, smallest_gap, word_targets, write_json

TINY = RESOURCES / "tiny"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
PIECES = "##borg ##ing ##ed ##ment ##able ##er ##ly ##est".split()
WORDS = """
    the of and to in is are was were be been have has had it he she they we you this that with for on at by
    from as an but not or his her their my your our all one two new old good bad big small very more most
    hello fashion model role super fine capital france paris germany berlin london city country largest
    man woman people child worked work works play walk talk goal life love happy happiness move govern
    borg don can won isn ve re ll nt do does did will would say says said word words text mask language
    cafe naive resume angel nino uber house garden river street school teacher nurse doctor car train
    water fire day night year time first last name called think know see look make made like simple
    problem question answer number
""".split()


def vocabulary():
    words = [w for w in dict.fromkeys(WORDS)]
    entries = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *".,?!'-:()", *DIGITS, *LETTERS]
    entries += ["##" + c for c in LETTERS] + ["##" + c for c in DIGITS] + PIECES + words
    assert len(entries) == len(set(entries)), "duplicate entries"
    return entries


def weights(name, *shape):
    """The formula: FNV-1a of the name, splitmix64 of the index, 24 bits as an exact float in [-1, 1)."""
    h = 0xCBF29CE484222325
    for byte in name.encode():
        h = ((h ^ byte) * 0x100000001B3) % 2**64
    with np.errstate(over="ignore"):
        i = np.arange(1, np.prod(shape) + 1, dtype=np.uint64)
        z = np.uint64(h) + i * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    v = (2 * ((z >> np.uint64(40)).astype(np.float64) / 2**24) - 1).astype(np.float32)
    if name.endswith("gamma"):
        v = 1 + np.float32(0.125) * v
    elif name.endswith(("beta", "bias")):  # "output_bias" too
        v = np.float32(0.25) * v
    else:
        v = np.float32(0.5) * v
    return v.reshape(shape)


def checkpoint_name(parameter):
    """The name in a TensorFlow checkpoint of a parameter of transformers' BertForMaskedLM."""
    name = parameter.replace("encoder.layer.", "encoder.layer_").replace(".", "/")
    name = name.replace("LayerNorm/weight", "LayerNorm/gamma").replace("LayerNorm/bias", "LayerNorm/beta")
    if name == "cls/predictions/bias":
        return "cls/predictions/output_bias"
    if name.endswith("_embeddings/weight"):
        return name.removesuffix("/weight")
    return name.removesuffix("weight") + "kernel" if name.endswith("/weight") else name


def load(model, tensor):
    """Fills a BertForMaskedLM from `tensor(checkpoint name, torch shape)`; kernels are [in, out] there."""
    state = model.state_dict()
    for parameter, value in state.items():
        if parameter.startswith("cls.predictions.decoder.") or parameter.endswith("position_ids"):
            continue  # tied to the word embeddings and to cls.predictions.bias
        name = checkpoint_name(parameter)
        shape = tuple(value.shape)
        array = tensor(name, shape[::-1]).T if name.endswith("kernel") else tensor(name, shape)
        assert array.shape == shape, (name, array.shape, shape)
        value.copy_(torch.from_numpy(np.ascontiguousarray(array)))
    model.load_state_dict(state)
    model.tie_weights()
    decoder, bert = model.cls.predictions.decoder, model.bert.embeddings.word_embeddings
    assert decoder.weight.data_ptr() == bert.weight.data_ptr()
    assert torch.equal(decoder.bias, model.cls.predictions.bias)
    return model.eval()


def tiny_bert():
    """The model and its tokenizer."""
    vocab = vocabulary()
    config = BertConfig(
        vocab_size=len(vocab), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64, type_vocab_size=2, layer_norm_eps=1e-12,
        hidden_act="gelu")
    model = load(BertForMaskedLM(config), lambda name, shape: weights(name, *shape))
    return model, BertTokenizer(vocab={v: i for i, v in enumerate(vocab)}, do_lower_case=True)


def main():
    vocab = vocabulary()
    TINY.mkdir(parents=True, exist_ok=True)
    (TINY / "vocab.txt").write_text("\n".join(vocab) + "\n", encoding="utf-8", newline="\n")
    model, tokenizer = tiny_bert()
    pipe = pipeline("fill-mask", model=model, tokenizer=tokenizer)

    hello, paris = "Hello I'm a [MASK] model.", "The capital of France is [MASK]."
    two = "The [MASK] of France is [MASK]."
    long = "man worked in the [MASK] " + "city of paris and " * 14 + "said"
    assert len(tokenizer(long)["input_ids"]) == 64, len(tokenizer(long)["input_ids"])
    cases = [
        dict(name="one mask", text=hello),
        dict(name="one mask, cleaned up", text=hello, clean_up=True),
        dict(name="two masks", text=two),
        dict(name="two masks, cleaned up", text="Don't say [MASK] , it isn't [MASK] !", top_k=3, clean_up=True),
        dict(name="three masks", text="[MASK] is a [MASK] in [MASK]", top_k=3),
        dict(name="adjacent masks", text="My name is [MASK][MASK] .", top_k=3),
        dict(name="only a mask", text="[MASK]", top_k=3),
        dict(name="whole vocabulary", text=paris, top_k=len(vocab)),
        dict(name="no mask", text="The capital of France is Paris."),
        dict(name="empty text", text=""),
        dict(name="targets present", text=paris, targets=["paris", "london", "berlin"]),
        dict(name="targets, special token and continuation", text=paris, targets=["[SEP]", "##borg", "paris"]),
        dict(name="targets in upper case", text=paris, targets=["Paris", "LONDON"]),
        dict(name="targets with several pieces", text=hello, targets=["working", "fashionable", "zebra"]),
        dict(name="targets unknown", text=hello, targets=["\u00a7", "new"]),
        dict(name="targets twice", text=hello, targets=["new", "New", "new", "old"], top_k=10),
        dict(name="targets, fewer asked for", text=hello, targets=["new", "old", "super", "fine"], top_k=2),
        dict(name="targets ignored in part", text=hello, targets=["", " ", "new"]),
        dict(name="targets at two masks", text=two, targets=["capital", "Paris"]),
        dict(name="targets, nothing left", text=hello, targets=[""]),
        dict(name="targets, empty", text=hello, targets=[]),
        dict(name="targets, nothing left and no mask", text="hello", targets=[""]),
        dict(name="apostrophes", text="I can't say it isn't [MASK] , we've and they're ' named ' so .", top_k=3),
        dict(name="apostrophes, cleaned up", text="I can't say it isn't [MASK] , we've and they're ' named ' so .",
             top_k=3, clean_up=True),
        dict(name="accents", text="Un caf\u00e9 na\u00efve, \u00dcber cafe\u0301 [MASK] Ni\u00f1o", top_k=3),
        dict(name="CJK", text="paris \u5df4\u9ece is \u6cd5\u56fd[MASK]\u3002", top_k=3),
        dict(name="emoji", text="I love \U0001f600\U0001f1eb\U0001f1f7 paris [MASK] \u2764\ufe0f!", top_k=3),
        dict(name="tabs and newlines", text="  the\tcity\r\nof\u00a0 [MASK]\n", top_k=3),
        dict(name="control and zero-width", text="pa\u200bris\u0000 is\ufffd \u00ad[MASK] ok", top_k=3),
        dict(name="literal special tokens", text="hello [SEP] the [CLS] [PAD] city [UNK] [MASK]", top_k=3),
        dict(name="literal special tokens, two masks", text="[CLS] [PAD] hello [MASK] [SEP] [MASK]", top_k=3),
        dict(name="lower-case mask is text", text="hello [mask] [MASK]", top_k=3),
        dict(name="long word", text="paris " + "a" * 101 + " [MASK] " + "b" * 30, top_k=3),
        dict(name="exactly 64 tokens", text=long, top_k=3),
        dict(name="pair, mask in the first", text="The [MASK] is big.", pair="London is a city."),
        dict(name="pair, mask in the second", text="Where is Paris?", pair="It is in [MASK]."),
        dict(name="pair, masks in both", text="The [MASK] is big.", pair="It's a [MASK]!", top_k=3),
        dict(name="pair, cleaned up", text="Don't play, he said.", pair="It's a [MASK]!", top_k=3, clean_up=True),
        dict(name="pair with targets", text="Where is Paris?", pair="It is in [MASK].", targets=["France", "Berlin"]),
        dict(name="pair, no mask", text="Where is Paris?", pair="It is in France."),
        dict(name="pair, second is empty", text="The [MASK] is big.", pair="", top_k=3),
    ]
    cases = [fill_mask(pipe, **c) for c in cases]
    write_json(TINY / "fill-mask.json", cases)
    print(f"{len(cases)} cases, vocabulary {len(vocab)}, smallest gap {smallest_gap(cases):.1e}")

    words = [
        dict(name="one piece each", text=paris, targets=["paris", "london", "city"]),
        dict(name="one, two and three pieces", text=paris, targets=["paris", "cyborg", "working", "play", "naively"]),
        dict(name="upper case", text=hello, targets=["Fashion", "FASHIONABLE", "new"]),
        dict(name="two masks", text=two, targets=["capital", "government", "walked"]),
        dict(name="adjacent masks", text="[MASK][MASK] is here", targets=["walking", "man"]),
        dict(name="digits and punctuation", text="The number is [MASK].", targets=["42", "can't", "1st", "one"]),
        dict(name="unknown character", text=hello, targets=["\u00a7", "caf\u00e9s", "cafe"]),
        dict(name="mask at both ends", text="[MASK] the [MASK]", targets=["moved", "love"]),
        dict(name="pair, mask in the second", text="Where is Paris?", pair="It is [MASK] France.",
             targets=["in", "governing", "Germany"]),
        dict(name="pair, masks in both", text="They [MASK] it.", pair="We [MASK] it too.",
             targets=["walked", "like", "governed"]),
    ]
    words = [word_targets(pipe, **w) for w in words]
    write_json(TINY / "word-targets.json", words)


if __name__ == "__main__":
    main()
