"""Makes tiny random checkpoints of every family that Cloze builds from weights: src/test/resources/dev/cloze/checkpoints/<case>/.

Each folder is what save_pretrained of transformers 5 writes (config.json, model.safetensors, tokenizer.json, tokenizer_config.json), in some
cases changed as older or other programs write it. expected.json holds what transformers answers after it has loaded that folder: of a
masked model the five best candidates of four prompts (the fill-mask pipeline), of a causal one the negative log-likelihood of every token of
some texts, with the first token as context of the rest. Rerun (all cases, or the ones named):

    src/test/python/setup.sh && target/python/bin/python src/test/python/checkpoints.py [case ...]

With `random COUNT DIRECTORY` it writes as many checkpoints of random configurations into a directory that is not in the repository;
CheckpointFamiliesTest imports what is in the directory that -Dcloze.checkpoints names.
"""

import json
import random
import shutil
import sys
from pathlib import Path

import torch
import transformers as tf
from safetensors.torch import load_file, save_file

import causal
import exports
from exports import PROMPTS, bert_tokenizer, random_model
from reference import RESOURCES, fill_mask, smallest_gap, write_json

CHECKPOINTS = RESOURCES / "checkpoints"
TEXTS = ["The capital of France is Paris.", "He said: Un caf\u00e9!", "a b", " ".join(exports.SENTENCES[1].split()[:24])]
SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24)
ONE = SIZES | dict(num_hidden_layers=1)
POSITIONS = dict(max_position_embeddings=64)
KEPT = ("config.json", "tokenizer.json", "tokenizer_config.json", "expected.json")


def ids(tokenizer, **names):
    """Ids of special tokens under the names of a configuration."""
    found = {k: tokenizer.convert_tokens_to_ids(v) for k, v in names.items()}
    return {k: v for k, v in found.items() if v is not None}


# Changes ------------------------------------------------------------------------------------------


def rename(folder, *pairs):
    weights = load_file(folder / "model.safetensors")
    for old, new in pairs:
        weights = {name.replace(old, new): tensor for name, tensor in weights.items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def forget(folder, *keys):
    path = folder / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in config.items() if k not in keys}, indent=2) + "\n")


def say(folder, **values):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values, indent=2) + "\n")


def old_bert(folder):
    """As of 2019: TensorFlow's names of norms, a configuration of sizes alone."""
    rename(folder, ("LayerNorm.weight", "LayerNorm.gamma"), ("LayerNorm.bias", "LayerNorm.beta"))
    weights = load_file(folder / "model.safetensors")
    weights["bert.embeddings.position_ids"] = torch.arange(64)[None]
    weights["bert.pooler.dense.weight"], weights["bert.pooler.dense.bias"] = torch.ones(16, 16), torch.ones(16)
    weights["cls.seq_relationship.weight"] = torch.ones(2, 16)
    weights["cls.predictions.decoder.weight"] = weights["bert.embeddings.word_embeddings.weight"].clone()
    save_file(weights, folder / "model.safetensors")
    forget(folder, "architectures", "model_type", "dtype", "transformers_version")


def bare_gpt2(folder):
    """The first GPT-2 on the Hub: no prefix, and the causal mask among the weights."""
    rename(folder, ("transformer.", ""))
    weights = load_file(folder / "model.safetensors")
    weights["h.0.attn.bias"] = torch.tril(torch.ones(64, 64))[None, None]
    weights["h.0.attn.masked_bias"] = torch.tensor(-1e4)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def old_modernbert(folder):
    """The names of transformers 4."""
    forget(folder, "rope_parameters", "layer_types")
    say(folder, global_rope_theta=1000.0, local_rope_theta=100.0, global_attn_every_n_layers=2)


def only_decoder(folder):
    """Of two names of one matrix, the other one was kept."""
    rename(folder, ("roberta.embeddings.word_embeddings.weight", "lm_head.decoder.weight"))


def torch_file(folder, legacy, turned=()):
    """In PyTorch's own format, which keeps views of one storage; some matrices lie column after column."""
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    words = next(tensor for name, tensor in weights.items() if "word_embeddings" in name)
    weights["cls.predictions.decoder.weight"] = words
    weights["cls.predictions.decoder.bias"] = weights["cls.predictions.bias"]
    for name in [name for name in weights if name.endswith(turned)]:
        weights[name] = weights[name].T.contiguous().T
    # A part of a larger storage, every other number of it.
    wide = torch.stack([weights["bert.embeddings.LayerNorm.weight"], torch.zeros(16)], 1)
    weights["bert.embeddings.LayerNorm.weight"] = wide[:, 0]
    weights["bert.embeddings.LayerNorm.bias"] = torch.nn.Parameter(weights["bert.embeddings.LayerNorm.bias"])
    torch.save(weights, folder / "pytorch_model.bin", _use_new_zipfile_serialization=not legacy)


def zipped(folder):
    torch_file(folder, legacy=False)


def legacy(folder):
    torch_file(folder, legacy=True, turned=("dense.weight", "query.weight"))
    forget(folder, "architectures", "model_type")


# Cases --------------------------------------------------------------------------------------------


def roberta_like(**options):
    return dict(max_position_embeddings=66, pad_token_id=1, bos_token_id=0, eos_token_id=2, **options)


def modern(tokenizer, **options):
    names = dict(pad_token_id="[PAD]", bos_token_id="[CLS]", cls_token_id="[CLS]", eos_token_id="[SEP]", sep_token_id="[SEP]")
    return POSITIONS | dict(local_attention=6) | ids(tokenizer, **names) | SIZES | options


def llama_tokenizer():
    return causal.llama_tokenizer()


def llama_ids():
    return dict(bos_token_id=0, eos_token_id=1, max_position_embeddings=64)


def short(make):
    def made():
        tokenizer = make()
        tokenizer.model_max_length = 64
        return tokenizer
    return made


roberta_tokenizer = short(exports.roberta_tokenizer)
TWO_THETAS = {"full_attention": {"rope_type": "default", "rope_theta": 1000.0},
              "sliding_attention": {"rope_type": "default", "rope_theta": 100.0}}
LLAMA3 = dict(rope_type="llama3", rope_theta=100.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
GROUPS = dict(num_attention_heads=4, num_key_value_heads=2)

# case: (tokenizer, class, options or what makes them of the tokenizer, what is done after saving, data type)
CASES = {
    "bert": (bert_tokenizer, tf.BertForMaskedLM, SIZES | POSITIONS),
    "bert-untied": (bert_tokenizer, tf.BertForMaskedLM, ONE | POSITIONS | dict(
        tie_word_embeddings=False, hidden_act="relu", num_attention_heads=4, type_vocab_size=3, layer_norm_eps=1e-3)),
    "bert-2019": (bert_tokenizer, tf.BertForMaskedLM, ONE | POSITIONS, old_bert),
    "bert-shards": (bert_tokenizer, tf.BertForMaskedLM, ONE | POSITIONS | dict(hidden_act="gelu_new"), None, "shards"),
    "bert-bf16": (bert_tokenizer, tf.BertForMaskedLM, ONE | POSITIONS, None, torch.bfloat16),
    "bert-bin": (bert_tokenizer, tf.BertForMaskedLM, ONE | POSITIONS, zipped),
    "bert-bin-2019": (bert_tokenizer, tf.BertForMaskedLM, ONE | POSITIONS, legacy),
    "ernie": (bert_tokenizer, tf.ErnieForMaskedLM, ONE | POSITIONS | dict(use_task_id=True)),
    "roberta": (roberta_tokenizer, tf.RobertaForMaskedLM, ONE | roberta_like(
        type_vocab_size=1, layer_norm_eps=1e-5, hidden_act="relu")),
    "roberta-fp16": (roberta_tokenizer, tf.RobertaForMaskedLM, ONE | roberta_like(type_vocab_size=2), only_decoder, torch.float16),
    "xlm-roberta": (exports.xlm_roberta_tokenizer, tf.XLMRobertaForMaskedLM, ONE | roberta_like(type_vocab_size=1)),
    "camembert": (roberta_tokenizer, tf.CamembertForMaskedLM, ONE | roberta_like(type_vocab_size=1)),
    "data2vec-text": (roberta_tokenizer, tf.Data2VecTextForMaskedLM, ONE | roberta_like(type_vocab_size=1)),
    "distilbert": (lambda: bert_tokenizer(tf.DistilBertTokenizer), tf.DistilBertForMaskedLM,
                   POSITIONS | dict(dim=16, n_layers=2, n_heads=4, hidden_dim=24)),
    "electra": (lambda: bert_tokenizer(tf.ElectraTokenizer), tf.ElectraForMaskedLM,
                ONE | POSITIONS | dict(embedding_size=8, hidden_act="gelu_new")),
    "electra-equal": (lambda: bert_tokenizer(tf.ElectraTokenizer), tf.ElectraForMaskedLM,
                      ONE | POSITIONS | dict(embedding_size=16)),
    "albert": (exports.albert_tokenizer, tf.AlbertForMaskedLM, SIZES | POSITIONS | dict(
        embedding_size=8, num_hidden_layers=4, num_hidden_groups=2, inner_group_num=2, pad_token_id=0)),
    "mpnet": (exports.mpnet_tokenizer, tf.MPNetForMaskedLM, ONE | dict(max_position_embeddings=66, pad_token_id=1)),
    "deberta-v2": (exports.deberta_tokenizer, tf.DebertaV2ForMaskedLM, SIZES | POSITIONS | dict(
        relative_attention=True, position_buckets=8, norm_rel_ebd="layer_norm", share_att_key=True,
        pos_att_type="p2c|c2p", position_biased_input=False, conv_kernel_size=3, conv_act="gelu", pad_token_id=0)),
    "deberta-v2-own": (exports.deberta_tokenizer, tf.DebertaV2ForMaskedLM, ONE | POSITIONS | dict(
        relative_attention=True, pos_att_type=["c2p", "p2c"], max_relative_positions=12, type_vocab_size=2,
        embedding_size=8, pad_token_id=0)),
    "deberta-v3": (exports.deberta_tokenizer, tf.DebertaV2ForMaskedLM, ONE | POSITIONS | dict(
        relative_attention=True, position_buckets=6, norm_rel_ebd="layer_norm", share_att_key=True,
        pos_att_type=["c2p"], position_biased_input=False, legacy=False, pad_token_id=0)),
    "modernbert": (exports.modernbert_tokenizer, tf.ModernBertForMaskedLM,
                   lambda t: modern(t, num_hidden_layers=3, rope_parameters=TWO_THETAS)),
    "modernbert-2024": (exports.modernbert_tokenizer, tf.ModernBertForMaskedLM, lambda t: modern(
        t, rope_parameters=TWO_THETAS, layer_types=["full_attention", "sliding_attention"], mlp_bias=True,
        attention_bias=True, norm_bias=True, decoder_bias=False, classifier_bias=True,
        hidden_activation="silu"), old_modernbert),
    "gpt2": (exports.gpt2_tokenizer, tf.GPT2LMHeadModel, dict(n_positions=64, n_embd=16, n_layer=2, n_head=2, n_inner=24)),
    "gpt2-bare": (exports.gpt2_tokenizer, tf.GPT2LMHeadModel, dict(
        n_positions=64, n_embd=16, n_layer=1, n_head=4, scale_attn_by_inverse_layer_idx=True,
        activation_function="relu"), bare_gpt2),
    "llama": (short(llama_tokenizer), tf.LlamaForCausalLM, ONE | llama_ids() | GROUPS | dict(head_dim=8)),
    "llama-3": (short(llama_tokenizer), tf.LlamaForCausalLM, ONE | llama_ids() | dict(
        tie_word_embeddings=True, rope_parameters=LLAMA3, attention_bias=True, mlp_bias=True, hidden_size=32)),
    "mistral": (short(llama_tokenizer), tf.MistralForCausalLM, ONE | llama_ids() | GROUPS | dict(sliding_window=5)),
    "qwen2": (short(llama_tokenizer), tf.Qwen2ForCausalLM, SIZES | llama_ids() | GROUPS | dict(
        use_sliding_window=True, sliding_window=4, max_window_layers=1)),
    "qwen3": (short(llama_tokenizer), tf.Qwen3ForCausalLM, ONE | llama_ids() | GROUPS | dict(
        head_dim=6, tie_word_embeddings=True)),
}


# Making -------------------------------------------------------------------------------------------


def build(case, seed, folder, entry):
    """Saves a model of the case; the tokenizer, and the model as transformers loads it from there."""
    new_tokenizer, cls, options, *rest = entry
    change, form = (*rest, None, None)[:2]
    tokenizer = new_tokenizer()
    options = options(tokenizer) if callable(options) else options
    config = cls.config_class(**{"vocab_size": len(tokenizer), **options})
    model = random_model(cls, config, seed)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tokenizer.save_pretrained(folder)
    if isinstance(form, torch.dtype):
        model = model.to(form)
    model.save_pretrained(folder, **({"max_shard_size": "20KB"} if form == "shards" else {}))
    if change:
        change(folder)
    for file in folder.iterdir():
        if file.name not in KEPT and not file.name.startswith(("model", "pytorch_model")):
            file.unlink()
    return tokenizer, cls.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()


def masked(tokenizer, model):
    pipe = tf.pipeline("fill-mask", model=model, tokenizer=tokenizer)
    flag = bool(tokenizer.clean_up_tokenization_spaces)
    cases = [fill_mask(pipe, None, p.format(tokenizer.mask_token), clean_up=flag) for p in PROMPTS]
    return {"prompts": [{"text": c["text"], "masks": c["masks"]} for c in cases]}


def continued(tokenizer, model):
    cases = []
    for text in TEXTS:
        ids = causal.encode(tokenizer, text)
        with torch.no_grad():
            scores = torch.log_softmax(model(input_ids=torch.tensor([ids])).logits[0].double(), -1)
        cases.append({"text": text, "nlls": [None, *(round(-scores[i, t].item(), 7) for i, t in enumerate(ids[1:]))]})
    return {"texts": cases}


def make(case, folder, entry, gap=0.002):
    for seed in range(1, 100):
        tokenizer, model = build(case, seed, folder, entry)
        if tokenizer.mask_token is None:
            expected = continued(tokenizer, model)
            break
        expected = masked(tokenizer, model)
        if smallest_gap(expected["prompts"]) >= gap:
            break
    write_json(folder / "expected.json", expected)
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{case}: seed {seed}, {size} bytes")


# Random configurations ----------------------------------------------------------------------------


def random_options(case, draw, options):
    """The options of a case with other sizes, and here and there another activation or tie."""
    heads = draw.choice([1, 2, 3, 4])
    wide = heads * draw.choice([4, 6, 8])
    names = dict(hidden_size="hidden_size", heads="num_attention_heads", layers="num_hidden_layers",
                 wide="intermediate_size", act="hidden_act")
    if case.startswith("gpt2"):
        names = dict(hidden_size="n_embd", heads="n_head", layers="n_layer", wide="n_inner", act="activation_function")
    if case.startswith("distilbert"):
        names = dict(hidden_size="dim", heads="n_heads", layers="n_layers", wide="hidden_dim", act="activation")
    if case.startswith("modernbert"):
        names["act"] = "hidden_activation"
    layers = options.get(names["layers"]) if case.startswith(("albert", "modernbert-2024")) else draw.randint(1, 4)
    chosen = {names["hidden_size"]: wide, names["heads"]: heads, names["wide"]: draw.randint(5, 40), names["layers"]: layers}
    activations = ["gelu", "gelu_new", "relu", "silu", "gelu_pytorch_tanh", "quick_gelu", "tanh", "gelu_fast"]
    # The activation of the head of these is that of the whole network, which a smooth one keeps apart.
    chosen[names["act"]] = draw.choice(activations)
    if not case.startswith(("deberta-v3", "roberta-fp16")):
        chosen["tie_word_embeddings"] = draw.random() < 0.6
    if case.startswith(("llama", "mistral", "qwen")):
        chosen["num_key_value_heads"] = draw.choice([d for d in range(1, heads + 1) if heads % d == 0])
        if "head_dim" in options:
            chosen["head_dim"] = draw.choice([4, 6, 10])
    if case.startswith("electra"):
        chosen["embedding_size"] = draw.choice([wide, 6, 12])
    return options | chosen


def random_case(number, directory):
    draw = random.Random(number)
    case = draw.choice([c for c in CASES if c not in ("bert-2019", "bert-bin", "bert-bin-2019")])
    tokenizer, cls, options, *rest = CASES[case]
    made = lambda t: random_options(case, draw, options(t) if callable(options) else options)
    form = rest[1] if len(rest) > 1 else draw.choice([None, None, "shards", torch.float64, torch.bfloat16])
    chosen = made(tokenizer())
    change = rest[0] if rest else None
    if change in (bare_gpt2, only_decoder) and (form == "shards" or not chosen.get("tie_word_embeddings", True)):
        change = None
    if change and form == "shards":
        form = None
    print(number, case, chosen)
    make(case, directory / f"{number}-{case}", (tokenizer, cls, chosen, change, form), gap=0)


def main():
    if sys.argv[1:2] == ["random"]:
        for number in range(int(sys.argv[2])):
            random_case(number, Path(sys.argv[3]))
        return
    for case in sys.argv[1:] or CASES:
        make(case, CHECKPOINTS / case, CASES[case])


if __name__ == "__main__":
    main()
