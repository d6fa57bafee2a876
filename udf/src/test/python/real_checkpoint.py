"""Writes the built-in bert-base-uncased as transformers saves it, from the bundle that Cloze made of Google's weights.

    bin/cloze fill-mask --text "[MASK]"        # imports the built-in model
    target/python/bin/python src/test/python/real_checkpoint.py ~/.cache/cloze/bert-base-uncased DIRECTORY

DIRECTORY then holds config.json, model.safetensors, tokenizer.json and tokenizer_config.json; what `cloze model import DIRECTORY` makes of it
must answer as the built-in model does. Prints what transformers answers.
"""

import re
import shutil
import sys
from pathlib import Path

import onnx
import torch
import transformers as tf
from onnx import numpy_helper


def modern(name):
    """Google's name of a tensor as transformers has it."""
    name = re.sub(r"_embeddings$", "_embeddings/weight", name)
    name = re.sub(r"/(kernel|gamma)$", "/weight", name)
    name = re.sub(r"/(beta|output_bias)$", "/bias", name)
    return re.sub(r"/layer_(\d+)/", r"/layer/\1/", name).replace("/", ".")


def weights(bundle):
    """By the names of transformers; bundles of all versions hold either those or Google's."""
    found = {}
    for tensor in onnx.load(bundle / "model.onnx").graph.initializer:
        name = tensor.name.removesuffix("/kernel") if tensor.name.endswith(".weight/kernel") else tensor.name
        if name.startswith(("bert", "cls")):
            value = torch.from_numpy(numpy_helper.to_array(tensor).copy())
            found[modern(name)] = value.T.contiguous() if tensor.name.endswith("/kernel") else value
    return found


def main():
    bundle, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True)
    model = tf.BertForMaskedLM(tf.BertConfig.from_pretrained(bundle)).eval()
    missing, unexpected = model.load_state_dict(weights(bundle), strict=False)
    assert not unexpected, unexpected
    assert all("decoder" in name for name in missing), missing
    model.tie_weights()
    model.save_pretrained(target)
    shutil.copy(bundle / "tokenizer.json", target)
    tokenizer = tf.BertTokenizer.from_pretrained(target)
    (target / "tokenizer_config.json").write_text('{"do_lower_case": true, "model_max_length": 512}\n')
    for answer in tf.pipeline("fill-mask", model=model, tokenizer=tokenizer)("The capital of France is [MASK]."):
        print(answer["score"], answer["token_str"])


if __name__ == "__main__":
    main()
