#!/usr/bin/env python3
"""Mutates models and gives them to one long-lived JVM, which must survive them all.

    bench/fuzz_models.py [N] [SEED]        (2000 and 1; needs a built job/target, see bin/cloze)

Every mutant is imported as `cloze model import` does, or given as a bundle as `--model DIR` does, and is either taken or refused with
one sentence and exit code 5. Anything else is a finding: another exit code, "a bug of Cloze", a stack trace, the end of the JVM, more
time than the limit, a file outside of the cache. The mutants of findings are kept in target/fuzz-findings.
"""
import base64
import collections
import copy
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
RESOURCES = HOME / "udf/src/test/resources/dev/cloze"
EXPORTS = ["exports/bert", "exports/roberta", "exports/xlm-roberta", "exports/bert-external-data", "causal/gpt2"]
FINDINGS = HOME / "target/fuzz-findings"
LIMIT = 60
HANG = LIMIT + 60

ODD = [None, True, -1, 0, 1, 2, 255, 2**31 - 1, 2**31, 2**32, 2**63, 2**64, -(2**63), 0.5, 1e308, "", "a", "[MASK]", "\u0000", "\u202e",
       "x" * 100000, "../../../../etc/passwd", "/dev/zero", "C:\\x", [], {}, [[]], [0] * 1000, "\ud7ff\uffff"]
NORMALIZERS = [{"type": "Precompiled", "precompiled_charsmap": None}, {"type": "BertNormalizer"}, {"type": "Lowercase"},
               {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": "b"}, {"type": "Prepend", "prepend": ""},
               {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Sequence", "normalizers": []},
               {"type": "Replace", "pattern": {"String": ""}, "content": "ab"}, {"type": "ByteLevel"}, {"type": "Nmt"}]
PRETOKENIZERS = [{"type": "FixedLength", "length": 0}, {"type": "Split", "pattern": {"Regex": "(?=)"}, "behavior": "Isolated", "invert": True},
                 {"type": "Split", "pattern": {"String": ""}, "behavior": "Removed", "invert": False}, {"type": "Digits", "individual_digits": True},
                 {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}, {"type": "Punctuation", "behavior": "Isolated"},
                 {"type": "CharDelimiterSplit", "delimiter": "a"}, {"type": "Sequence", "pretokenizers": []}, {"type": "UnicodeScripts"},
                 {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": False}]
DECODERS = [{"type": "WordPiece", "prefix": "", "cleanup": True}, {"type": "Strip", "content": "a", "start": 1000, "stop": 1000},
            {"type": "CTC", "pad_token": "", "word_delimiter_token": "", "cleanup": True}, {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Replace", "pattern": {"String": ""}, "content": "x" * 1000}, {"type": "BPEDecoder", "suffix": ""}]
PROCESSORS = [{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "B", "type_id": 0}}], "pair": [], "special_tokens": {}},
              {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "?", "type_id": 0}}], "pair": [], "special_tokens": {}},
              {"type": "BertProcessing", "sep": ["[SEP]", 2**32 - 1], "cls": ["[CLS]", 0]},
              {"type": "RobertaProcessing", "sep": ["", 0], "cls": ["", 0], "trim_offsets": True, "add_prefix_space": True},
              {"type": "Sequence", "processors": []}, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True}]
MODELS = [{"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "a"]]}, {"type": "Unigram", "unk_id": 7, "vocab": [["a", 0.0]]},
          {"type": "WordLevel", "vocab": {}, "unk_token": "x"}, {"type": "Unigram", "unk_id": 0, "vocab": []},
          {"type": "WordPiece", "vocab": {"a": 2**31}, "unk_token": "a", "continuing_subword_prefix": "", "max_input_chars_per_word": 0}]


class Mutator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    # -- JSON

    def places(self, value, limit=4000):
        """Every (container, key), without the thousands of words of a vocabulary."""
        found, stack = [], [value]
        while stack and len(found) < limit:
            node = stack.pop()
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if len(keys) > 200:
                keys = self.random.sample(keys, 20)
            for key in keys:
                found.append((node, key))
                if isinstance(node[key], (dict, list)):
                    stack.append(node[key])
        return found

    def mutate_json(self, value):
        for _ in range(self.random.choice([1, 1, 1, 2, 4])):
            places = self.places(value)
            if not places:
                return value
            node, key = self.random.choice(places)
            kind = self.random.randrange(5)
            if kind == 0:
                del node[key]
            elif kind == 1:
                node[key] = copy.deepcopy(self.random.choice(ODD))
            elif kind == 2:
                other, name = self.random.choice(places)
                node[key] = copy.deepcopy(other[name]) if name in (other if isinstance(other, dict) else range(len(other))) else 0
            elif kind == 3 and isinstance(node[key], (int, float)) and not isinstance(node[key], bool):
                node[key] = self.random.choice([-node[key], node[key] + 1, node[key] * 2**31, 0])
            elif isinstance(node, list):
                node.insert(key, copy.deepcopy(node[key]))
            else:
                node[str(key) + "\u0000"] = copy.deepcopy(node[key])
        return value

    def mutate_tokenizer(self, value):
        kind = self.random.randrange(8)
        parts = {0: ("normalizer", NORMALIZERS), 1: ("pre_tokenizer", PRETOKENIZERS), 2: ("decoder", DECODERS),
                 3: ("post_processor", PROCESSORS), 4: ("model", MODELS)}
        if kind in parts:
            name, known = parts[kind]
            value[name] = copy.deepcopy(self.random.choice(known))
            if kind == 0 and self.random.random() < 0.4:
                size = self.random.choice([0, 3, 4, 16, 400])
                value[name] = {"type": "Precompiled",
                               "precompiled_charsmap": base64.b64encode(self.random.randbytes(size)).decode()}
            if self.random.random() < 0.5:
                return value
        return self.mutate_json(value)

    # -- bytes

    def mutate_bytes(self, data):
        data = bytearray(data)
        for _ in range(self.random.choice([1, 1, 3, 20])):
            at = self.random.randrange(max(1, len(data)))
            kind = self.random.randrange(5)
            if kind == 0 and data:
                data[at] ^= 1 << self.random.randrange(8)
            elif kind == 1:
                data[at:at] = self.random.randbytes(self.random.choice([1, 4, 1000]))
            elif kind == 2:
                del data[at:at + self.random.choice([1, 4, 1000])]
            elif kind == 3:
                del data[at:]
            else:
                size = min(64, len(data) - at)
                data[at:at + size] = bytes([self.random.choice([0, 0xFF, 0x80])]) * size
        return bytes(data)

    # -- protobuf, by its wire format; the schema says only which fields are messages

    ENTRY = {}
    TENSOR = {13: ENTRY}
    GRAPH = {}
    ATTRIBUTE = {5: TENSOR, 6: GRAPH, 10: TENSOR, 11: GRAPH}
    NODE = {5: ATTRIBUTE}
    DIMENSION = {}
    VALUE = {2: {1: {2: {1: DIMENSION}}}}
    GRAPH.update({1: NODE, 5: TENSOR, 11: VALUE, 12: VALUE, 13: VALUE, 15: {1: TENSOR, 2: TENSOR}})
    MODEL = {7: GRAPH, 8: {}, 25: {1: {}, 7: NODE}}

    @staticmethod
    def varint(data, at):
        value = shift = 0
        while True:
            byte = data[at]
            value |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                return value, at

    @staticmethod
    def as_varint(value):
        value &= 2**64 - 1
        out = bytearray()
        while value > 0x7F:
            out.append(value & 0x7F | 0x80)
            value >>= 7
        out.append(value)
        return bytes(out)

    def parse(self, data, schema):
        fields, at = [], 0
        while at < len(data):
            tag, at = self.varint(data, at)
            number, wire = tag >> 3, tag & 7
            if wire == 0:
                value, at = self.varint(data, at)
            elif wire == 2:
                size, at = self.varint(data, at)
                value, at = data[at:at + size], at + size
                if number in schema:
                    value = self.parse(value, schema[number])
            else:
                size = {1: 8, 5: 4}[wire]
                value, at = data[at:at + size], at + size
            fields.append([number, wire, value])
        return fields

    def serialize(self, fields):
        out = bytearray()
        for number, wire, value in fields:
            out += self.as_varint(number << 3 | wire)
            if wire == 0:
                out += self.as_varint(value)
            elif wire == 2:
                body = self.serialize(value) if isinstance(value, list) else value
                out += self.as_varint(len(body)) + body
            else:
                out += value
        return bytes(out)

    def messages(self, fields):
        yield fields
        for _, _, value in fields:
            if isinstance(value, list):
                yield from self.messages(value)

    LOCATIONS = [b"../../../escaped.bin", b"/etc/passwd", b"model.onnx", b"tokenizer.json", b"a/b.bin", b"x\x00y", b"C:\\x", b"model.onnx_data"]

    def mutate_onnx(self, data):
        model = self.parse(data, self.MODEL)
        for _ in range(self.random.choice([1, 1, 2, 5])):
            all_messages = [m for m in self.messages(model) if m]
            fields = self.random.choice(all_messages)
            i = self.random.randrange(len(fields))
            field = fields[i]
            kind = self.random.randrange(8)
            if kind == 0:
                del fields[i]
            elif kind == 1:
                fields.insert(i, copy.deepcopy(field))
            elif kind == 2 and field[1] == 0:
                field[2] = self.random.choice([0, 1, 7, 2**31 - 1, 2**31, 2**40, 2**63, 2**64 - 1, field[2] + 1])
            elif kind == 3 and isinstance(field[2], (bytes, bytearray)):
                field[2] = self.random.choice([b"", b"x", b"\xff\xfe", b"If", b"Loop", b"com.evil", field[2] + b"x", self.mutate_bytes(field[2])])
            elif kind == 4:
                other = self.random.choice(all_messages)
                fields[i] = copy.deepcopy(self.random.choice(other))
            elif kind == 5:
                field[0] = self.random.choice([1, 2, 3, 5, 7, 9, 13, 14, 20, 200])
            elif kind == 6:
                location = self.random.choice(self.LOCATIONS)
                entry = [[1, 2, b"location"], [2, 2, location]]
                fields += [[13, 2, entry], [14, 0, self.random.choice([0, 1])]]
            else:
                self.random.shuffle(fields)
        return self.serialize(model)

    # -- a model

    def mutate_file(self, path, mutate):
        path.write_bytes(mutate(path.read_bytes()))

    def json_file(self, path, mutate):
        value = mutate(json.loads(path.read_bytes()))
        path.write_text(json.dumps(value, ensure_ascii=self.random.random() < 0.5), encoding="utf-8", errors="replace")

    def export(self, directory):
        kind = self.random.choice(["tokenizer", "tokenizer", "tokenizer", "config", "onnx", "onnx", "onnx", "bytes", "links"])
        if kind == "tokenizer":
            self.json_file(directory / "tokenizer.json", self.mutate_tokenizer)
        elif kind == "config":
            self.json_file(directory / self.random.choice(["config.json", "tokenizer_config.json"]), self.mutate_json)
        elif kind == "onnx":
            self.mutate_file(directory / "model.onnx", self.mutate_onnx)
        elif kind == "bytes":
            names = sorted(p.name for p in directory.iterdir())
            self.mutate_file(directory / self.random.choice(names), self.mutate_bytes)
        else:
            victim = directory / self.random.choice(sorted(p.name for p in directory.iterdir()))
            victim.unlink()
            self.random.choice([lambda: victim.symlink_to("/etc/passwd"), lambda: victim.symlink_to("/dev/zero"), lambda: victim.mkdir(),
                                lambda: os.mkfifo(victim), lambda: victim.symlink_to(victim), lambda: None])()
        return kind

    def bundle(self, directory):
        kind = self.random.choice(["manifest", "resealed tokenizer", "resealed graph", "damaged"])
        manifest = directory / "cloze.json"
        if kind == "manifest":
            self.json_file(manifest, self.mutate_json)
        elif kind == "damaged":
            names = sorted(p.name for p in directory.iterdir())
            self.mutate_file(directory / self.random.choice(names), self.mutate_bytes)
        else:
            if kind == "resealed tokenizer":
                self.json_file(directory / "tokenizer.json", self.mutate_tokenizer)
            else:
                name = self.random.choice(["scoring.onnx", "model.onnx", "features.onnx"])
                self.mutate_file(directory / name, self.random.choice([self.mutate_onnx, self.mutate_bytes]))
            value = json.loads(manifest.read_bytes())
            for name in value["files"]:
                data = (directory / name).read_bytes()
                value["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            manifest.write_text(json.dumps(value))
        return "bundle: " + kind


class Driver:
    def __init__(self, work):
        jars = [HOME / "job/target/cloze-job.jar", *sorted((HOME / "job/target/onnxruntime").glob("*.jar")), HOME / "job/target/spark/jars/*"]
        environment = dict(os.environ, CLOZE_MODEL_TIME_LIMIT=str(LIMIT), CLOZE_MODEL_MEMORY_LIMIT="2048")
        self.process = subprocess.Popen(
            ["java", "-Xmx1g", "-cp", ":".join(map(str, jars)), str(HOME / "bench/FuzzModels.java")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(work / "driver.log", "a"), text=True, cwd=work, env=environment)

    def do(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("fuzz "):
                _, code, millis, message = (line.rstrip("\n").split(" ", 3) + [""])[:4]
                return int(code), int(millis), message
        return None, 0, f"the JVM ended with {self.process.wait()}"

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def listing(root):
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if not p.relative_to(root).parts[0] in ("cache", "driver.log"))


def verdict(code, millis, message):
    if code == 0:
        return "taken"
    if code != 5 or " | " in message.replace(" | cloze: ", " ") or "bug of Cloze" in message:
        return "FINDING"
    if millis > HANG * 1000:
        return "FINDING"
    for said, name in [("ended the process", "refused after a crash"), ("CLOZE_MODEL_TIME_LIMIT", "refused after the time limit"),
                       ("CLOZE_MODEL_MEMORY_LIMIT", "refused for its memory"), ("contradict each other", "refused by a catch-all")]:
        if said in message:
            return name
    return "refused"


def bundles(work, driver):
    made = []
    for i, name in enumerate(EXPORTS):
        cache = work / f"bundles{i}"
        code, _, message = driver.do(f"import {RESOURCES / name} {cache}")
        if code != 0:
            sys.exit(f"{name} cannot be imported: {message}")
        made.append(cache / "fuzzed")
    return made


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    work = pathlib.Path(tempfile.mkdtemp(prefix="cloze-fuzz-"))
    driver = Driver(work)
    sound = bundles(work, driver)
    verdicts = collections.Counter()
    started = time.time()
    slowest = 0
    for n in range(count):
        mutator = Mutator(seed * 1_000_003 + n)
        mutant, cache = work / "mutants" / "model", work / "cache"
        for place in (mutant, cache):
            shutil.rmtree(place, ignore_errors=True)
        is_bundle = mutator.random.random() < 0.3
        source = mutator.random.choice(sound if is_bundle else [RESOURCES / name for name in EXPORTS])
        shutil.copytree(source, mutant)
        for extra in ("expected.json",):
            (mutant / extra).unlink(missing_ok=True)
        kind = mutator.bundle(mutant) if is_bundle else mutator.export(mutant)
        before = listing(work)
        code, millis, message = driver.do(f"{'bundle' if is_bundle else 'import'} {mutant} {cache}")
        slowest = max(slowest, millis)
        found = verdict(code, millis, message)
        if listing(work) != before:
            found, message = "FINDING", f"files changed: {sorted(set(listing(work)) ^ set(before))}; {message}"
        verdicts[kind, found] += 1
        if found == "FINDING":
            FINDINGS.mkdir(parents=True, exist_ok=True)
            shutil.copytree(mutant, FINDINGS / f"{seed}-{n}", symlinks=True, dirs_exist_ok=True)
        if found in ("FINDING", "refused by a catch-all"):
            print(f"{found} {seed}-{n} ({kind}): {message[:300]}", flush=True)
        if code is None:
            driver = Driver(work)
        if (n + 1) % 100 == 0:
            print(f"{n + 1} mutants in {time.time() - started:.0f} s", flush=True)
    driver.close()
    names = sorted({found for _, found in verdicts})
    kinds = sorted({kind for kind, _ in verdicts})
    print("\n" + "mutated".ljust(28) + "".join(name.rjust(len(name) + 3) for name in names))
    for kind in kinds + ["all"]:
        row = [sum(v for (k, f), v in verdicts.items() if f == name and kind in (k, "all")) for name in names]
        print(kind.ljust(28) + "".join(str(value).rjust(len(name) + 3) for name, value in zip(names, row)))
    print(f"seed {seed}, {count} mutants in {time.time() - started:.0f} s, the slowest took {slowest / 1000:.1f} s")
    shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if any(found == "FINDING" for _, found in verdicts) else 0)


if __name__ == "__main__":
    main()
