"""Makes vocabularies as models have them that were saved without tokenizer.json: src/test/resources/dev/cloze/vocabularies/<family>/.

Each folder has the files of the family's tokenizer (vocab.txt; vocab.json and merges.txt; a model of SentencePiece) and tokenizer_config.json, and
expected.json: the ids, offsets (in code points) and words of texts, prose and random Unicode. They come from the tokenizers library as transformers sets
it up: its own classes for word pieces and pairs of bytes, its converters (convert_slow_tokenizer.py) for SentencePiece. Rerun:

    src/test/python/setup.sh && target/python/bin/python src/test/python/vocabularies.py

Many more texts into a folder that is not kept, half of them the `text` of JSON lines (bench/prose.py), for `-Dcloze.vocabularies=FOLDER` of the test:

    target/python/bin/python src/test/python/vocabularies.py 20000 target/vocabularies ../target/prose.jsonl
"""

import json
import random
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import transformers as tf
from transformers.utils import sentencepiece_model_pb2_new as pb2

import exports
from reference import RESOURCES, write_json

slow = import_module("transformers.convert_slow_tokenizer")
slow.requires_backends = lambda *_: None
FOLDER = RESOURCES / "vocabularies"
SPECIAL = ["[MASK]", "<mask>", "[SEP]", "</s>", "<unk>", "<|endoftext|>"]


ARGUMENTS = sys.argv[1:]
if ARGUMENTS:
    FOLDER = Path(ARGUMENTS[1])


def texts():
    draw = random.Random(7)
    count, prose = (int(ARGUMENTS[0]), read_prose(ARGUMENTS[2])) if ARGUMENTS else (0, [])
    fixed = prose[:count // 2] + listed()
    return fixed + [random_text(draw, prose or exports.SENTENCES) for _ in range(max(60, count - len(fixed)))]


def read_prose(path):
    return [json.loads(line)["text"] for line in Path(path).read_text(encoding="utf-8").splitlines()]


def listed():
    return [s.strip() for s in exports.SENTENCES] + ["", " ", "  a  b ", "\n\t", "10, 20,30", "``a'' b", "A\u0301 \u00c9 \u0130 \ufb01"]


def random_text(draw, prose):
    """Words of prose, special tokens and characters of any block, with and without spaces between them."""
    parts = []
    for _ in range(draw.randint(1, 12)):
        kind = draw.random()
        if kind < 0.5:
            parts.append(draw.choice(draw.choice(prose).split(" ")))
        elif kind < 0.6:
            parts.append(draw.choice(SPECIAL))
        else:
            parts.append(chr(draw.choice([draw.randint(32, 0x2ff), draw.randint(0x300, 0xd7ff), draw.randint(0x10000, 0x1ffff)])))
    return draw.choice(["", " ", "  "]).join(parts)


def encoded(tokenizer, text):
    """Words of tokens that the template puts there are -1."""
    encoding = tokenizer.encode(text)
    words = [-1 if word is None else word for word in encoding.word_ids]
    return {"text": text, "ids": encoding.ids, "offsets": encoding.offsets, "words": words}


def save(family, files, tokenizer, config):
    folder = FOLDER / family
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "tokenizer_config.json").write_text(json.dumps(config) + "\n")
    write_json(folder / "expected.json", {"texts": [encoded(tokenizer, t) for t in texts()]})


def words(family, tokenizer, **config):
    vocabulary = tokenizer.get_vocab()
    listed = "\n".join(sorted(vocabulary, key=vocabulary.get)) + "\n"
    save(family, {"vocab.txt": listed.encode()}, tokenizer.backend_tokenizer, config)


def pairs(family, tokenizer):
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    merges = "#version: 0.2\n" + "\n".join(" ".join(m) for m in model["merges"]) + "\n"
    vocabulary = json.dumps(model["vocab"], ensure_ascii=False)
    save(family, {"vocab.json": vocabulary.encode(), "merges.txt": merges.encode()}, tokenizer.backend_tokenizer, {})


def sentence_pieces(family, name, converter, first, mask, config):
    """`first`: pieces before those of words, as the family's training had them."""
    proto = pb2.ModelProto()
    for piece, kind in first:
        proto.pieces.add(piece=piece, score=0.0, type=kind)
    for piece, score in exports.unigrams():
        proto.pieces.add(piece=piece, score=score, type=1)
    proto.trainer_spec.model_type = 1
    proto.trainer_spec.unk_id = next(i for i, (p, k) in enumerate(first) if k == 2)
    path = FOLDER / family / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(proto.SerializeToString())

    known = {}
    original = SimpleNamespace(vocab_file=str(path), convert_tokens_to_ids=known.get, **config)
    made = converter(original)
    known |= {p: i for i, (p, _) in enumerate(made.vocab(proto))}
    tokenizer = made.converted()
    special = [mask, *("<s> <pad> </s> <unk>".split() if "<" in mask else "[CLS] [SEP]".split())]
    if family == "albert":
        special += ["<pad>", "<unk>"]
    if family == "deberta-v2":
        special += ["[PAD]", "[UNK]"]
    if family == "camembert":
        special += ["<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"]
    tokenizer.add_special_tokens([exports.mask(s) if s == mask else s for s in special])
    save(family, {}, tokenizer, config)


def main():
    words("bert", exports.bert_tokenizer(do_lower_case=False, strip_accents=True, tokenize_chinese_chars=False),
          do_lower_case=False, strip_accents=True, tokenize_chinese_chars=False)
    words("distilbert", exports.bert_tokenizer(tf.DistilBertTokenizer))
    words("mpnet", exports.mpnet_tokenizer())
    pairs("roberta", exports.roberta_tokenizer())
    pairs("gpt2", exports.gpt2_tokenizer())
    fairseq = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
    plain = dict(add_prefix_space=True)
    sentence_pieces("xlm-roberta", "sentencepiece.bpe.model", slow.XLMRobertaConverter, fairseq, "<mask>", plain)
    sentence_pieces("camembert", "sentencepiece.bpe.model", slow.CamembertConverter, fairseq, "<mask>", plain)
    sentence_pieces("albert", "spiece.model", slow.AlbertConverter,
                    [("<pad>", 3), ("<unk>", 2), ("[CLS]", 3), ("[SEP]", 3), ("[MASK]", 3)], "[MASK]",
                    plain | dict(keep_accents=False, do_lower_case=True))
    sentence_pieces("deberta-v2", "spm.model", slow.DebertaV2Converter,
                    [("[PAD]", 3), ("[CLS]", 3), ("[SEP]", 3), ("[UNK]", 2)], "[MASK]",
                    plain | dict(do_lower_case=False, split_by_punct=True))


if __name__ == "__main__":
    main()
