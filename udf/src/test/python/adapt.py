"""Makes the expectations for training: adapt/<model>.json, what transformers' own Trainer does to tiny models.

Each file holds 20 batches of masked tokens, the settings, the loss of every step, and of every weight after the last step some
elements. The Trainer runs as it is: fused AdamW, linear schedule, clipping, no dropout. Rerun after a change of the models:

    src/test/python/setup.sh && target/python/bin/python src/test/python/adapt.py [MODEL...]

The same of a real model, with its speed and its peak memory beside the losses of its steps; DIRECTORY is what `cloze model export` writes, TEXT a
file of prose, of which blocks of 128 tokens are made. `TrainerComparisonTest` with -Dcloze.trainer=FILE.json -Dcloze.trainer.bundle=BUNDLE does the same.

    target/python/bin/python src/test/python/adapt.py real DIRECTORY TEXT FILE.json [THREADS [STEPS]]
"""

import json
import random
import resource
import sys
import tempfile
import time

import torch
from torch.utils.data import SequentialSampler
from transformers import AutoConfig, AutoModelForMaskedLM, AutoTokenizer, Trainer, TrainingArguments

import tiny_bert
from reference import RESOURCES, write_json

FAMILIES = ["bert", "deberta-v3", "distilbert", "electra", "mpnet", "roberta", "xlm-roberta"]
STEPS, ROWS, WIDTH, SHARE = 20, 4, 16, 0.3
SETTINGS = {"learning_rate": 1e-3, "weight_decay": 0.01, "max_grad_norm": 1.0, "warmup_steps": 3}
ELEMENTS = 24
NO_DROPOUT = ["hidden_dropout_prob", "attention_probs_dropout_prob", "dropout", "attention_dropout", "embedding_dropout",
              "mlp_dropout", "classifier_dropout", "classifier_dropout_prob", "pooler_dropout", "seq_classif_dropout"]


class RecordingTrainer(Trainer):
    """Takes rows in their order, and keeps the loss of every step."""

    def __init__(self, **options):
        super().__init__(**options)
        self.losses = []
        self.seconds = []

    def _get_train_sampler(self, *args):
        return SequentialSampler(self.train_dataset)

    def training_step(self, *args, **options):
        self.seconds.append(time.process_time())
        return super().training_step(*args, **options)

    def compute_loss(self, model, inputs, **options):
        loss = super().compute_loss(model, inputs, **options)
        self.losses.append(loss.item())
        return loss


def rows(vocabulary, pad, mask, position_limit):
    """Rows of different lengths, in which tokens are masked; the first and the last token of a row never are."""
    draw = random.Random(11)
    width = min(WIDTH, position_limit)
    made = []
    for number in range(STEPS * ROWS):
        length = width - number % 4 * 2
        ids = [draw.randrange(10, vocabulary) for _ in range(length)]
        hidden = [i for i in range(1, length - 1) if draw.random() < SHARE] or [1]
        seen = [mask if i in hidden and draw.random() < 0.8 else token for i, token in enumerate(ids)]
        labels = [token if i in hidden else -100 for i, token in enumerate(ids)]
        fill = width - length
        made.append({"input_ids": seen + [pad] * fill, "attention_mask": [1] * length + [0] * fill,
                     "labels": labels + [-100] * fill})
    return made


def elements(tensor):
    """Some elements of a tensor, evenly spaced, and which ones."""
    flat = tensor.detach().reshape(-1)
    step = max(1, len(flat) // ELEMENTS)
    return {"step": step, "values": flat[::step].tolist()}


def train(name, model, vocabulary, pad, mask, position_limit):
    data = rows(vocabulary, pad, mask, position_limit)
    with tempfile.TemporaryDirectory() as directory:
        arguments = TrainingArguments(
            output_dir=directory, use_cpu=True, max_steps=STEPS, per_device_train_batch_size=ROWS, save_strategy="no",
            report_to=[], disable_tqdm=True, logging_strategy="no", remove_unused_columns=False, lr_scheduler_type="linear",
            **SETTINGS)
        trainer = RecordingTrainer(model=model, args=arguments, train_dataset=data)
        trainer.train()
    weights = {key: elements(value) for key, value in model.named_parameters(remove_duplicate=False)}
    write_json(RESOURCES / "adapt" / f"{name}.json", {
        "settings": SETTINGS, "rows": ROWS, "data": data, "losses": trainer.losses, "weights": weights})
    print(name, trainer.losses[0], trainer.losses[-1])


def real(directory, text, file, threads=1, steps=4):
    """Blocks of one length, as `run_mlm` makes them; the first step warms up, and counts for no figure."""
    torch.set_num_threads(int(threads))
    config = AutoConfig.from_pretrained(directory)
    without_dropout(config)
    model = AutoModelForMaskedLM.from_pretrained(directory, config=config)
    tokenizer = AutoTokenizer.from_pretrained(directory)
    batch, width, steps = 8, 128, int(steps)
    with open(text) as lines:
        ids = tokenizer(lines.read(2_000_000), add_special_tokens=False)["input_ids"]
    draw, data = random.Random(11), []
    for number in range(steps * batch):
        inner = ids[number * (width - 2):(number + 1) * (width - 2)]
        block = [tokenizer.cls_token_id, *inner, tokenizer.sep_token_id]
        hidden = [i for i in range(1, width - 1) if draw.random() < 0.15] or [1]
        seen = [tokenizer.mask_token_id if i in hidden and draw.random() < 0.9 else token for i, token in enumerate(block)]
        data.append({"input_ids": seen, "attention_mask": [1] * width,
                     "labels": [token if i in hidden else -100 for i, token in enumerate(block)]})
    settings = {**SETTINGS, "learning_rate": 5e-5, "warmup_steps": 0}
    with tempfile.TemporaryDirectory() as place:
        trainer = RecordingTrainer(model=model, train_dataset=data, args=TrainingArguments(
            output_dir=place, use_cpu=True, max_steps=steps, per_device_train_batch_size=batch, save_strategy="no", report_to=[],
            disable_tqdm=True, logging_strategy="no", remove_unused_columns=False, **settings))
        trainer.train()
    speed = (steps - 1) * batch * width / (time.process_time() - trainer.seconds[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    weights = {key: elements(value) for key, value in model.named_parameters(remove_duplicate=False)}
    with open(file, "w") as out:
        json.dump({"settings": settings, "rows": batch, "data": data, "losses": trainer.losses, "weights": weights,
                   "tokens_per_cpu_second": speed, "peak_gigabytes": peak}, out)
    print(f"losses {trainer.losses}, {speed:.1f} tokens a CPU second, peak {peak:.2f} GB")


def main():
    torch.manual_seed(0)
    if sys.argv[1:2] == ["real"]:
        real(*sys.argv[2:])
        return
    (RESOURCES / "adapt").mkdir(exist_ok=True)
    wanted = sys.argv[1:] or ["tiny", *FAMILIES]
    if "tiny" in wanted:
        model, tokenizer = tiny_bert.tiny_bert()
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        train("tiny", model, len(tiny_bert.vocabulary()), tokenizer.pad_token_id, tokenizer.mask_token_id, WIDTH)
    for family in [name for name in FAMILIES if name in wanted]:
        directory = RESOURCES / "checkpoints" / family
        config = AutoConfig.from_pretrained(directory)
        without_dropout(config)
        model = AutoModelForMaskedLM.from_pretrained(directory, config=config, attn_implementation="eager").float()
        train(family, model, config.vocab_size, config.pad_token_id, 4, WIDTH)


def without_dropout(config):
    for name in NO_DROPOUT:
        if getattr(config, name, None):
            setattr(config, name, 0.0)


if __name__ == "__main__":
    main()
