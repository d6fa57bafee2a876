"""Makes tiny random causal models in the layouts that exports have: src/test/resources/dev/cloze/causal/<case>/.

Each folder has model.onnx, tokenizer.json, tokenizer_config.json and config.json as a real export has
them, with the inputs, outputs and axes of Hugging Face optimum (compared with optimum-onnx 0.1.0; merged:
with its merge_decoders). The gpt2 folders hold one and the same model:

    gpt2            input_ids, attention_mask; logits alone
    gpt2-positions  and position_ids: optimum's "text-generation"; the head is a copy of the embeddings
    gpt2-cache      and past_key_values, present: optimum's "text-generation-with-past"
    gpt2-merged     the decoder_model_merged.onnx of 2023: two branches, use_cache_branch takes one
    llama           as gpt2-cache: RoPE, two heads that share one key, a head of its own, a template with <s>

expected.json has the negative log-likelihoods (natural logarithm) of the tokens of every text, which are
encoded without the template. "bos" is the rolling log-likelihood of lm-evaluation-harness: a prefix token,
then windows of the model's length with one token of context, the last one filled up to the left. Its
windows were compared with those of lm_eval 0.4.13 (get_rolling_token_windows, make_disjoint_window) for
all texts up to 140 tokens and all lengths up to 40. "no_bos" is the same without the prefix, so that the
first token is not predicted. "evaluate" is the perplexity metric of Hugging Face evaluate. Rerun (all
cases, or the ones named):

    src/test/python/setup.sh && target/python/bin/python src/test/python/causal.py [case ...]
"""

import io
import math
import re
import shutil
import sys

import numpy as np
import onnx
import onnxruntime
import torch
import transformers as tf
from onnx import TensorProto, helper
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors

from exports import SENTENCES, SIZES, byte_pairs, gpt2_tokenizer, numbered, random_model, strip
from reference import RESOURCES, write_json

CAUSAL = RESOURCES / "causal"
LENGTH = 32
LENGTHS = [LENGTH, LENGTH + 1, LENGTH + 2, 2 * LENGTH, 2 * LENGTH + 1, 103]
HEAD = 8
WORDS = " ".join(s.strip() for s in SENTENCES)
TEXTS = [
    "The capital of France is Paris.",
    "Hello",
    "a",
    "He said: Un caf\u00e9, na\u00efve r\u00e9sum\u00e9! \U0001f600\U0001f44d\U0001f3fd",
    "The end.<|endoftext|>The <s>start</s>.",
    "  a b\n",
    "\n\nParis  is\ta city.\r\n \n",
]
EVALUATED = ["The capital of France is Paris.", "Hello, I'm a model.", " a b"]


# Tokenizers ---------------------------------------------------------------------------------------


def short_gpt2_tokenizer():
    tokenizer = gpt2_tokenizer()
    tokenizer.model_max_length = LENGTH
    return tokenizer


def llama_tokenizer():
    """As of Llama 3: a template that adds <s>, another token at the end, no usable model_max_length."""
    pieces, merges = byte_pairs()
    vocab = numbered(["<s>", "</s>", *pieces])
    backend = Tokenizer(models.BPE(vocab=vocab, merges=merges, ignore_merges=True))
    words = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
             r"\s*[\r\n]+|\s+(?!\S)|\s+")
    backend.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(words), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", vocab["<s>"])])])
    return tf.PreTrainedTokenizerFast(
        tokenizer_object=backend, bos_token="<s>", eos_token="</s>", clean_up_tokenization_spaces=True,
        model_input_names=["input_ids", "attention_mask"])


def encode(tokenizer, text):
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def of_length(tokenizer, count):
    """The first tokens of the sentences, as a text that is encoded as just as many."""
    ids = encode(tokenizer, WORDS)[:count]
    text = tokenizer.decode(ids)
    assert encode(tokenizer, text) == ids, text
    return text


# Models -------------------------------------------------------------------------------------------


def gpt2(tokenizer, seed):
    end = tokenizer.eos_token_id
    config = tf.GPT2Config(
        vocab_size=len(tokenizer), n_positions=LENGTH, n_embd=16, n_inner=32, n_layer=2, n_head=2, bos_token_id=end,
        eos_token_id=end)
    return random_model(tf.GPT2LMHeadModel, config, seed)


def llama(tokenizer, seed):
    config = tf.LlamaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=LENGTH, num_key_value_heads=1, head_dim=HEAD,
        bos_token_id=tokenizer.bos_token_id, eos_token_id=tokenizer.eos_token_id, **SIZES)
    return random_model(tf.LlamaForCausalLM, config, seed)


def logits(model, ids):
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]


IDS, MASK, POSITIONS, BRANCH = "input_ids", "attention_mask", "position_ids", "use_cache_branch"
CACHE = [f"past_key_values.{i}.{part}" for i in range(2) for part in ("key", "value")]
PRESENT = [name.replace("past_key_values", "present") for name in CACHE]

# case: (tokenizer, model, inputs)
CASES = {
    "gpt2": (short_gpt2_tokenizer, gpt2, [IDS, MASK]),
    "gpt2-positions": (short_gpt2_tokenizer, gpt2, [IDS, MASK, POSITIONS]),
    "gpt2-cache": (short_gpt2_tokenizer, gpt2, [IDS, *CACHE, MASK, POSITIONS]),
    "gpt2-merged": (short_gpt2_tokenizer, gpt2, [IDS, MASK, *CACHE, BRANCH]),
    "llama": (llama_tokenizer, llama, [IDS, MASK, POSITIONS, *CACHE]),
}


# Expectations -------------------------------------------------------------------------------------


def windows(first, rest, length):
    """The rolling windows over the rest: (the model's input, how many of its last outputs count)."""
    tokens = [first, *rest]
    done = 0
    while done < len(rest):
        # The first window starts at the first token, every other one ends where it has to.
        step = min(length, len(rest) - done)
        end = done + step
        start = max(0, end - length) if done else 0
        yield tokens[start:end], step
        done = end


def rolling(model, first, rest):
    """The negative log-likelihood of every token of the rest."""
    values = []
    at = 0
    for ids, step in windows(first, rest, LENGTH):
        scores = torch.log_softmax(logits(model, ids)[-step:].double(), -1)
        values += [-scores[k, rest[at + k]].item() for k in range(step)]
        at += step
    return values


def rounded(value):
    """Digits that single precision has to give."""
    return float(f"{value:.9g}")


def sums(nlls, words, size):
    nll = math.fsum(n for n in nlls if n is not None)
    return {
        "nlls": [n if n is None else round(n, 7) for n in nlls],
        "nll": round(nll, 7),
        "word_perplexity": rounded(math.exp(nll / words)),
        "byte_perplexity": rounded(math.exp(nll / size)),
        "bits_per_byte": rounded(nll / (size * math.log(2))),
    }


def expectation(model, tokenizer, text):
    ids = encode(tokenizer, text)
    words, size = len(re.split(r"\s+", text)), len(text.encode())
    prefix = tokenizer.eos_token_id if tokenizer.bos_token_id is None else tokenizer.bos_token_id
    bos = rolling(model, prefix, ids)
    no_bos = [None, *rolling(model, ids[0], ids[1:])]
    return {
        "text": text, "ids": ids, "words": words, "bytes": size,
        "bos": sums(bos, words, size), "no_bos": sums(no_bos, words, size),
    }


def evaluate(model, tokenizer, texts, start):
    """The metric "perplexity" of evaluate: one padded batch, the loss over the mask, in single precision."""
    rows = [encode(tokenizer, text) for text in texts]
    width = max(map(len, rows))
    ids = torch.tensor([row + [tokenizer.eos_token_id] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    if start:
        ids = torch.cat([torch.full((len(rows), 1), tokenizer.bos_token_id), ids], 1)
        mask = torch.cat([torch.ones_like(mask[:, :1]), mask], 1)
    with torch.no_grad():
        scores = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, :-1]
    losses = torch.nn.functional.cross_entropy(scores.transpose(1, 2), ids[:, 1:], reduction="none")
    values = torch.exp((losses * mask[:, 1:]).sum(1) / mask[:, 1:].sum(1)).tolist()
    return {
        "add_start_token": start, "texts": texts, "perplexities": [rounded(v) for v in values],
        "mean_perplexity": rounded(np.mean(values)),
    }


def lively(model, tokenizer):
    """Whether tokens differ in likelihood, and what precedes the last token matters."""
    ids = encode(tokenizer, WORDS)[:LENGTH]
    near = [rolling(model, a, [b])[0] for a, b in zip(ids, ids[1:])]
    far = rolling(model, ids[0], ids[1:])
    return np.std(far) > 1 and np.mean(np.abs(np.subtract(near, far))) > 0.5 and np.mean(far) < 8


# Export -------------------------------------------------------------------------------------------


class Layout(torch.nn.Module):
    """The model with its inputs in the given order, past keys and values among them."""

    def __init__(self, model, inputs, present):
        super().__init__()
        self.model, self.inputs, self.present = model, inputs, present

    def forward(self, *values):
        named = dict(zip(self.inputs, values))
        past = [named.pop(name) for name in CACHE if name in named]
        cache = tf.DynamicCache(list(zip(past[::2], past[1::2]))) if past else None
        out = self.model(**named, past_key_values=cache, use_cache=self.present, return_dict=True)
        layers = out.past_key_values.layers if self.present else []
        return out.logits, *[t for layer in layers for t in (layer.keys, layer.values)]


def axes(inputs):
    """The names of the dynamic axes, as optimum gives them."""
    total = "past_sequence_length + sequence_length" if CACHE[0] in inputs else "sequence_length"
    names = {name: {0: "batch_size", 1: "sequence_length"} for name in (IDS, POSITIONS, "logits")}
    names |= {name: {0: "batch_size", 2: "past_sequence_length"} for name in CACHE}
    names |= {name: {0: "batch_size", 2: total} for name in PRESENT}
    return names | {MASK: {0: "batch_size", 1: total}}


def sample(model, rows, inputs, past=None):
    """Inputs for rows of ids, padded to the right. The past: (length, keys and values), none of it padded."""
    width, before = max(map(len, rows)), past[0] if past else 0
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * (before + len(row)) + [0] * (width - len(row)) for row in rows])
    heads = getattr(model.config, "num_key_value_heads", model.config.num_attention_heads)
    empty = torch.zeros(len(rows), heads, 0, HEAD)
    values = {IDS: ids, MASK: mask, POSITIONS: torch.arange(before, before + width).expand(ids.shape).contiguous()}
    values |= dict(zip(CACHE, past[1])) if past else {name: empty for name in CACHE}
    values[BRANCH] = torch.tensor([past is not None])
    return {name: values[name] for name in inputs}


def tie(graph, name):
    """Makes the transposed copy of the token embeddings a node, as optimum does where accelerate is installed."""
    head = graph.node[-1]
    weights = {w.name: onnx.numpy_helper.to_array(w) for w in graph.initializer}
    copy = head.input[1]
    assert head.op_type == "MatMul" and np.array_equal(weights[copy], weights[name].T), copy
    graph.initializer.remove(next(w for w in graph.initializer if w.name == copy))
    head.input[1] = name + "_transposed"
    graph.node.insert(len(graph.node) - 1, helper.make_node("Transpose", [name], [head.input[1]], perm=[1, 0]))


def shorten(graph):
    """Leaves out the paths of the modules in the names: they are half of the file."""
    kept = {value.name for value in [*graph.initializer, *graph.input, *graph.output]}
    short = {}
    for node in graph.node:
        node.name = ""
        node.input[:] = [short.get(i, i) for i in node.input]
        for i, name in enumerate(node.output):
            if name not in kept:
                node.output[i] = short[name] = f"{node.op_type}_{len(short)}"


def export(model, inputs, present, tied):
    """The ONNX form of one layout, traced with a past that is not empty."""
    heads = getattr(model.config, "num_key_value_heads", model.config.num_attention_heads)
    past = (5, [torch.randn(2, heads, 5, HEAD) for _ in CACHE]) if CACHE[0] in inputs else None
    values = sample(model, [[3, 4, 5], [6, 7, 8]], inputs, past)
    outputs, names, out = ["logits", *(PRESENT if present else [])], axes(inputs), io.BytesIO()
    torch.onnx.export(
        Layout(model, inputs, present).eval(), tuple(values.values()), out, dynamo=False, opset_version=18,
        input_names=inputs, output_names=outputs, dynamic_axes={n: names[n] for n in [*inputs, *outputs]})
    graph = onnx.load_from_string(out.getvalue())
    strip(graph.graph)
    if tied:
        tie(graph.graph, "model.transformer.wte.weight")
    shorten(graph.graph)
    sizes = {1: heads, 2: model.config.vocab_size, 3: HEAD}
    for value in graph.graph.output:
        for i, dim in enumerate(value.type.tensor_type.shape.dim):
            if i in names[value.name]:
                dim.dim_param = names[value.name][i]
            else:
                dim.dim_value = sizes[i]
    return graph


def merge(first, later):
    """One model of two: a branch without past and one with it, the weights of both above them."""
    weights, branches = {}, []
    for name, model in (("no_past", first), ("with_past", later)):
        graph, renamed, local = model.graph, {}, []
        for weight in graph.initializer:
            # optimum leaves scalars and shapes in their branches.
            if not weight.dims or len(weight.dims) == 1 and weight.data_type in (TensorProto.INT32, TensorProto.INT64):
                local.append(weight)
                continue
            key = (weight.data_type, tuple(weight.dims), onnx.numpy_helper.to_array(weight).tobytes())
            if key not in weights:
                shared = onnx.TensorProto()
                shared.CopyFrom(weight)
                shared.name = f"{weight.name}_merged_{len(weights)}"
                weights[key] = shared
            renamed[weight.name] = weights[key].name
        for node in graph.node:
            node.input[:] = [renamed.get(i, i) for i in node.input]
        branches.append(helper.make_graph(graph.node, name, [], graph.output, local))
    inputs = {value.name: value for value in [*later.graph.input, *first.graph.input]}
    inputs[BRANCH] = helper.make_tensor_value_info(BRANCH, TensorProto.BOOL, [1])
    order = [inputs[name] for name in CASES["gpt2-merged"][2]]
    outputs = later.graph.output
    for value in outputs[1:]:
        # The name that optimum had for it then, as later steps had one token each.
        value.type.tensor_type.shape.dim[2].dim_param = "past_sequence_length + 1"
    node = helper.make_node(
        "If", [BRANCH], [o.name for o in outputs], name="optimum::if", else_branch=branches[0], then_branch=branches[1])
    graph = helper.make_graph([node], "merged", order, outputs, list(weights.values()))
    return helper.make_model(
        graph, producer_name="optimum-onnx", opset_imports=later.opset_import, ir_version=later.ir_version)


def check(path, model, inputs):
    """ONNX Runtime must agree with PyTorch: full and padded batches, and a text in two parts with a past."""
    session = onnxruntime.InferenceSession(path)
    assert [i.name for i in session.get_inputs()] == inputs
    numbers = np.random.default_rng(1)
    worst = 0.0

    def run(rows, past=None):
        values = sample(model, rows, inputs, past)
        return [torch.from_numpy(o) for o in session.run(None, {k: v.numpy() for k, v in values.items()})]

    def compare(real, rows, start=0):
        return max((real[i, :len(row) - start] - logits(model, row)[start:]).abs().max().item()
                   for i, row in enumerate(rows))

    for lengths in ([1], [7], [LENGTH], [1, 3], [9, LENGTH, 20, 9]):
        rows = [numbers.integers(model.config.vocab_size, size=n).tolist() for n in lengths]
        real = run(rows)
        assert real[0].dtype == torch.float32 and real[0].shape[2] == model.config.vocab_size
        worst = max(worst, compare(real[0], rows))
        assert all(torch.equal(a, b) for a, b in zip(real, run(rows)))
        for cut in ([1, 4] if min(lengths) > 4 and len(real) > 1 else []):
            past = run([row[:cut] for row in rows])[1:]
            worst = max(worst, compare(run([row[cut:] for row in rows], (cut, past))[0], rows, cut))
    return worst


def make(case):
    new_tokenizer, new_model, inputs = CASES[case]
    tokenizer = new_tokenizer()
    seed = 1
    while not lively(model := new_model(tokenizer, seed), tokenizer):
        seed += 1
    folder = CAUSAL / case
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokenizer.save_pretrained(folder)
    cached = CACHE[0] in inputs
    model.config.use_cache = cached
    model.config.architectures = [type(model).__name__]
    model.config.save_pretrained(folder)
    if BRANCH in inputs:
        graph = merge(export(model, [IDS, MASK], True, True), export(model, [IDS, MASK, *CACHE], True, True))
    else:
        graph = export(model, inputs, cached, case in ("gpt2", "gpt2-cache"))
    onnx.checker.check_model(graph)
    path = folder / "model.onnx"
    onnx.save_model(graph, path)
    worst = check(path, model, inputs)
    assert worst < 1e-4, worst
    texts = TEXTS + [of_length(tokenizer, n) for n in LENGTHS]
    expected = {
        "bos_token_id": tokenizer.bos_token_id, "length": LENGTH,
        "cases": [expectation(model, tokenizer, text) for text in texts],
    }
    if case == "gpt2":
        expected["evaluate"] = [evaluate(model, tokenizer, EVALUATED, start) for start in (True, False)]
    write_json(folder / "expected.json", expected)
    size = sum(f.stat().st_size for f in folder.iterdir())
    mean = np.mean(expected["cases"][-1]["bos"]["nlls"])
    print(f"{case}: {len(tokenizer)} entries, seed {seed}, mean {mean:.2f}, off by {worst:.1e}, {size} bytes")


def main():
    for case in sys.argv[1:] or CASES:
        make(case)


if __name__ == "__main__":
    main()
