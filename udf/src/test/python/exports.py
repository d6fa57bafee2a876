"""Makes tiny random models of many families, exported to ONNX: src/test/resources/dev/cloze/exports/<case>/.

Each folder has model.onnx, tokenizer.json, tokenizer_config.json and config.json as a real export has
them, and expected.json: what the transformers pipeline answers to four prompts. The not-mlm-* folders
hold models that no fill-mask can be made of, so they have no expected.json. The seed of a model is the
first one whose five best candidates lie so far apart that rounding cannot swap them. Rerun (all cases,
or the ones named):

    src/test/python/setup.sh && target/python/bin/python src/test/python/exports.py [case ...]
"""

import io
import json
import math
import shutil
import sys
from collections import Counter
from functools import cache

import numpy as np
import onnx
import onnxruntime
import torch
import transformers as tf
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from reference import RESOURCES, fill_mask, smallest_gap, write_json

EXPORTS = RESOURCES / "exports"
PROMPTS = [
    "{0}.",
    "The capital of France is {0}.",
    "My {0} is Anna and she lives in a {0} of 300 people.",
    "He said: Un caf\u00e9, {0}! \U0001f600",
]
SENTENCES = """
    The capital of France is Paris. London is the capital of England, and Berlin is the capital of Germany.
    Paris is a city of 2 million people; Lyon is a city of 500000 people.
    My name is Anna and I live in a small house. My name is Peter and I work in the city.
    Hello, I'm a new model. Hello, I'm a fashion model. She is a model, he is a teacher.
    The man worked as a carpenter. The woman worked as a doctor. The people worked in a garden.
    He said: I don't know the name of the street. She said: it isn't the answer to the question!
    Un caf\u00e9, na\u00efve r\u00e9sum\u00e9, \u00fcber ni\u00f1o! \U0001f600 What is the problem? The problem is simple.
    In 1984 there were 42 houses and 300 people (in 7 streets). It's 10:30, we're late, they've gone.
    The train goes to London every day. The car is in the garden. We live and we learn.
    The goal of life is love. The goal of work is happiness, he said, and walked away.
    Walking and talking people walked and talked. Working models work. The city works, the train works.
""".strip().split("\n")
SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32)
SMALL = SIZES | dict(num_hidden_layers=1)  # where the names of the nodes take more room than the weights


# Tokenizers ---------------------------------------------------------------------------------------


# The trainers of `tokenizers` break ties at random, so pieces are picked by hand where they would.


def frequent(strings, count):
    """The most frequent strings with their numbers, ties in alphabetical order."""
    return sorted(Counter(strings).items(), key=lambda e: (-e[1], e[0]))[:count]


def endings(words):
    return [w[-n:] for w in words for n in (2, 3, 4) if len(w) > n]


@cache
def word_pieces():
    splitter, normalizer = pre_tokenizers.BertPreTokenizer(), normalizers.BertNormalizer()
    words = [w for s in SENTENCES for w, _ in splitter.pre_tokenize_str(normalizer.normalize_str(s))]
    letters = sorted(set("".join(words)))
    pieces = letters + ["##" + c for c in letters if c.isalnum()]
    pieces += ["##" + e for e, _ in frequent(endings(words), 40)]
    return list(dict.fromkeys(pieces + [w for w, _ in frequent(words, 130)]))


@cache
def byte_pairs():
    """Byte-level pieces without specials, and their merges."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=390, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(SENTENCES, trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id), [tuple(m) for m in merges]


@cache
def unigrams():
    """Pieces with the logarithm of how often they occur: words, endings, single letters."""
    words = " ".join(SENTENCES).split()
    numbers = frequent(["\u2581" + w for w in words], 110) + frequent(endings(words), 40)
    pieces = dict(frequent([c for w in words for c in "\u2581" + w], None)) | dict(numbers)
    return [(piece, round(math.log(n / len(words)) - 2, 4)) for piece, n in pieces.items()]


def numbered(entries):
    return {entry: i for i, entry in enumerate(entries)}


def mask(content):
    """A mask that swallows the blank before it, as all families but BERT's have it."""
    return AddedToken(content, lstrip=True, special=True, normalized=False)


def bert_tokenizer(cls=tf.BertTokenizer, **options):
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return cls(vocab=numbered(specials + word_pieces()), **{"model_max_length": 64} | options)


def mpnet_tokenizer():
    specials = ["<s>", "<pad>", "</s>", "[UNK]"]
    return tf.MPNetTokenizer(vocab=numbered(specials + word_pieces() + ["<mask>"]), model_max_length=64)


def roberta_tokenizer():
    pieces, merges = byte_pairs()
    vocab = numbered(["<s>", "<pad>", "</s>", "<unk>", *pieces, "<mask>"])
    return tf.RobertaTokenizer(vocab=vocab, merges=merges, mask_token=mask("<mask>"), model_max_length=32)


def modernbert_tokenizer():
    """Specials after the pieces, and clean_up_tokenization_spaces set, as in the published models."""
    pieces, merges = byte_pairs()
    specials = ["[UNK]", "[CLS]", "[SEP]", "[PAD]"]
    vocab = numbered(pieces + specials + ["[MASK]"])
    backend = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    backend.normalizer = normalizers.NFC()
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(s, vocab[s]) for s in ("[CLS]", "[SEP]")])
    return tf.PreTrainedTokenizerFast(
        tokenizer_object=backend, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", pad_token="[PAD]",
        mask_token=mask("[MASK]"), clean_up_tokenization_spaces=True, model_max_length=64,
        model_input_names=["input_ids", "attention_mask"])


def xlm_roberta_tokenizer():
    vocab = [(s, 0.0) for s in ("<s>", "<pad>", "</s>", "<unk>")] + unigrams() + [("<mask>", 0.0)]
    return tf.XLMRobertaTokenizer(vocab=vocab, mask_token=mask("<mask>"), model_max_length=64)


def albert_tokenizer():
    vocab = [(s, 0.0) for s in ("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]")] + unigrams()
    return tf.AlbertTokenizer(vocab=vocab, mask_token=mask("[MASK]"), model_max_length=64)


def deberta_tokenizer():
    """Without a usable model_max_length, as in the published models."""
    vocab = [(s, 0.0) for s in ("[PAD]", "[CLS]", "[SEP]", "[UNK]")] + unigrams() + [("[MASK]", 0.0)]
    return tf.DebertaV2Tokenizer(vocab=vocab, unk_id=3)


def gpt2_tokenizer():
    pieces, merges = byte_pairs()
    return tf.GPT2Tokenizer(vocab=numbered([*pieces, "<|endoftext|>"]), merges=merges, model_max_length=64)


# Models -------------------------------------------------------------------------------------------


def random_model(cls, config, seed):
    """Random weights large enough that predictions differ, biases and norms included."""
    torch.manual_seed(seed)
    config._attn_implementation = "eager"
    model = cls(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.3)
    return model


def bert(cls=tf.BertForMaskedLM, **options):
    def make(tokenizer, seed):
        config = tf.BertConfig(vocab_size=len(tokenizer), max_position_embeddings=64, **SIZES | options)
        return random_model(cls, config, seed)
    return make


def bert_half(tokenizer, seed):
    return bert()(tokenizer, seed).half()


def distilbert(tokenizer, seed):
    config = tf.DistilBertConfig(
        vocab_size=len(tokenizer), max_position_embeddings=64, dim=16, n_layers=1, n_heads=2, hidden_dim=32)
    return random_model(tf.DistilBertForMaskedLM, config, seed)


def roberta(tokenizer, seed):
    config = tf.RobertaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=34, type_vocab_size=1, pad_token_id=1, **SIZES)
    return random_model(tf.RobertaForMaskedLM, config, seed)


def xlm_roberta(tokenizer, seed):
    config = tf.XLMRobertaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=66, type_vocab_size=1, pad_token_id=1, **SMALL)
    return random_model(tf.XLMRobertaForMaskedLM, config, seed)


def albert(tokenizer, seed):
    config = tf.AlbertConfig(
        vocab_size=len(tokenizer), embedding_size=8, max_position_embeddings=64, pad_token_id=0, **SIZES)
    return random_model(tf.AlbertForMaskedLM, config, seed)


def electra(tokenizer, seed):
    config = tf.ElectraConfig(vocab_size=len(tokenizer), embedding_size=8, max_position_embeddings=64, **SMALL)
    return random_model(tf.ElectraForMaskedLM, config, seed)


def mpnet(tokenizer, seed):
    config = tf.MPNetConfig(vocab_size=len(tokenizer), max_position_embeddings=66, pad_token_id=1, **SMALL)
    return random_model(tf.MPNetForMaskedLM, config, seed)


def modernbert(tokenizer, seed):
    """The vocabulary is padded: the model has more rows than the tokenizer has entries."""
    config = tf.ModernBertConfig(
        vocab_size=len(tokenizer) + 5, max_position_embeddings=64, local_attention=8, global_attn_every_n_layers=2,
        pad_token_id=tokenizer.pad_token_id, bos_token_id=tokenizer.cls_token_id, cls_token_id=tokenizer.cls_token_id,
        eos_token_id=tokenizer.sep_token_id, sep_token_id=tokenizer.sep_token_id, **SIZES)
    return random_model(tf.ModernBertForMaskedLM, config, seed)


def deberta(tokenizer, seed):
    config = tf.DebertaV2Config(
        vocab_size=len(tokenizer), max_position_embeddings=64, relative_attention=True, position_buckets=8,
        norm_rel_ebd="layer_norm", share_att_key=True, pos_att_type=["p2c", "c2p"], position_biased_input=False,
        type_vocab_size=0, pad_token_id=0, **SMALL)
    return random_model(tf.DebertaV2ForMaskedLM, config, seed)


IDS, TYPES, MASK = "input_ids", "token_type_ids", "attention_mask"
THREE, TWO = (IDS, MASK, TYPES), (IDS, MASK)

# case: (tokenizer, model, inputs, exporter)
CASES = {
    "bert": (bert_tokenizer, bert(), THREE, "torchscript"),
    "bert-dynamo": (bert_tokenizer, bert(), THREE, "dynamo"),
    "bert-fp16": (bert_tokenizer, bert_half, THREE, "torchscript"),
    "bert-external-data": (bert_tokenizer, bert(**SMALL), THREE, "torchscript"),
    "distilbert": (lambda: bert_tokenizer(tf.DistilBertTokenizer), distilbert, TWO, "torchscript"),
    "roberta": (roberta_tokenizer, roberta, TWO, "torchscript"),
    "xlm-roberta": (xlm_roberta_tokenizer, xlm_roberta, TWO, "torchscript"),
    "albert": (albert_tokenizer, albert, THREE, "torchscript"),
    "electra": (lambda: bert_tokenizer(tf.ElectraTokenizer), electra, THREE, "torchscript"),
    "mpnet": (mpnet_tokenizer, mpnet, TWO, "torchscript"),
    "modernbert": (modernbert_tokenizer, modernbert, TWO, "dynamo"),
    "deberta-v2": (deberta_tokenizer, deberta, TWO, "torchscript"),
    "not-mlm-features": (bert_tokenizer, bert(tf.BertModel, **SMALL), THREE, "torchscript"),
    "not-mlm-classifier": (
        bert_tokenizer, bert(tf.BertForSequenceClassification, num_labels=3, **SMALL), THREE, "torchscript"),
}


# Export -------------------------------------------------------------------------------------------


class Exported(torch.nn.Module):
    """The model with its inputs in the given order and its first output alone."""

    def __init__(self, model, inputs):
        super().__init__()
        self.model, self.inputs = model, inputs

    def forward(self, *values):
        return self.model(**dict(zip(self.inputs, values)), return_dict=True)[0]


def sample(tokenizer, texts, inputs):
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    encoding = tokenizer(texts, padding=True, return_tensors="pt")
    return [encoding[i] if i in encoding else torch.zeros_like(encoding[IDS]) for i in inputs]


def export(model, tokenizer, inputs, exporter):
    """The ONNX form, with dynamic batch and sequence axes."""
    values = tuple(sample(tokenizer, SENTENCES[3:5], inputs))
    values = tuple(v[:, :9].contiguous() for v in values)
    output = {"BertModel": "last_hidden_state"}.get(type(model).__name__, "logits")
    wrapped, out = Exported(model, inputs).eval(), io.BytesIO()
    if exporter == "dynamo":
        axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("sequence", max=64)}
        program = torch.onnx.export(
            wrapped, values, dynamo=True, input_names=list(inputs), output_names=[output], verbose=False,
            dynamic_shapes=(tuple(axes for _ in inputs),))
        graph = program.model_proto
    else:
        axes = {0: "batch", 1: "sequence"}
        names = {name: axes for name in [*inputs, output]}
        if "Classification" in type(model).__name__:
            names[output] = {0: "batch"}
        torch.onnx.export(
            wrapped, values, out, dynamo=False, opset_version=17, input_names=list(inputs), output_names=[output],
            dynamic_axes=names)
        graph = onnx.load_from_string(out.getvalue())
    strip(graph.graph)
    for function in graph.functions:
        strip(function)
    onnx.checker.check_model(graph)
    return graph


def strip(graph):
    """Leaves out notes for people (stack traces, on this machine's paths): they are most of the file."""
    for node in graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*graph.value_info, *getattr(graph, "input", []), *getattr(graph, "output", [])]:
        if not isinstance(value, str):
            value.doc_string = ""
            del value.metadata_props[:]
    for tensor in getattr(graph, "initializer", []):
        tensor.doc_string = ""
    del graph.metadata_props[:]


def check(path, model, tokenizer, inputs):
    """ONNX Runtime must agree with PyTorch, on other shapes than the exported one, padding included."""
    session = onnxruntime.InferenceSession(path)
    mask_token = tokenizer.mask_token or "the"
    worst = 0.0
    for texts in (PROMPTS[:1], PROMPTS, PROMPTS[2:3]):
        values = sample(tokenizer, [p.format(mask_token) for p in texts], inputs)
        real = session.run(None, {i: v.numpy() for i, v in zip(inputs, values)})[0]
        with torch.no_grad():
            expected = model(**dict(zip(inputs, values)), return_dict=True)[0].numpy()
        assert real.dtype == expected.dtype and real.shape == expected.shape, (real.dtype, real.shape, expected.shape)
        seen = values[inputs.index(MASK)].numpy() > 0 if real.ndim == 3 else np.ones(len(real), bool)
        worst = max(worst, np.abs(real.astype(float) - expected)[seen].max())
    return worst


def make(case):
    new_tokenizer, new_model, inputs, exporter = CASES[case]
    tokenizer = new_tokenizer()
    prompts, gap, seed = None, 0.0, 0
    half = case.endswith("fp16")
    while gap < (0.02 if half else 0.002):
        seed += 1
        model = new_model(tokenizer, seed)
        if case.startswith("not-mlm"):
            break
        # Half precision: the scores are those of the rounded weights, calculated in single precision.
        pipe = tf.pipeline("fill-mask", model=new_model(tokenizer, seed).float(), tokenizer=tokenizer)
        flag = bool(tokenizer.clean_up_tokenization_spaces)
        cases = [fill_mask(pipe, None, p.format(tokenizer.mask_token), clean_up=flag) for p in PROMPTS]
        prompts = [{"text": c["text"], "masks": c["masks"]} for c in cases]
        gap = smallest_gap(prompts)
    folder = EXPORTS / case
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokenizer.save_pretrained(folder)
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    graph = export(model, tokenizer, inputs, exporter)
    path = folder / "model.onnx"
    if case.endswith("external-data"):
        onnx.save_model(graph, path, save_as_external_data=True, location="model.onnx_data")
    else:
        onnx.save_model(graph, path)
    worst = check(path, model, tokenizer, inputs)
    assert worst < (5e-2 if half else 1e-4), worst
    if prompts:
        write_json(folder / "expected.json", {"prompts": prompts})
    for file in folder.iterdir():
        if file.name not in ("model.onnx", "model.onnx_data", "tokenizer.json", "tokenizer_config.json",
                             "config.json", "expected.json"):
            file.unlink()
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{case}: {len(tokenizer)} entries, seed {seed}, gap {gap:.4f}, off by {worst:.1e}, "
          f"{len(graph.graph.node)} nodes, {size} bytes")


def main():
    failed = []
    for case in sys.argv[1:] or CASES:
        try:
            make(case)
        except Exception as e:
            failed.append(case)
            print(f"{case}: FAILED, {type(e).__name__}: {str(e)[:600]}")
            if len(sys.argv) == 2:
                raise
    sys.exit(f"failed: {failed}" if failed else 0)


if __name__ == "__main__":
    main()
