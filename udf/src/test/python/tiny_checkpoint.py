"""Writes a TensorFlow checkpoint of three small tensors, so that the Java reader meets TensorFlow's own bytes.

Rerun: target/python/bin/python src/test/python/tiny_checkpoint.py   (in udf/, after setup.sh)
"""

from pathlib import Path

import numpy as np
import tensorflow as tf

TARGET = Path(__file__).parents[1] / "resources" / "dev" / "cloze" / "checkpoint"

TENSORS = {
    "module/dense/bias": np.array([0.5, -1.25, 3.0], dtype=np.float32),
    "module/dense/kernel": np.arange(6, dtype=np.float32).reshape(2, 3) / 4,
    "module/step": np.array(7, dtype=np.int64),
}


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    tf.raw_ops.SaveV2(
        prefix=str(TARGET / "variables"),
        tensor_names=list(TENSORS),
        shape_and_slices=[""] * len(TENSORS),
        tensors=[tf.constant(value) for value in TENSORS.values()],
    )


if __name__ == "__main__":
    main()
