"""Copies a TensorFlow checkpoint to a NumPy file: read_checkpoint.py <prefix> <file.npz>.

Run by real_models.py in a process of its own, since TensorFlow and PyTorch (two copies of LLVM) do not
live together in one.
"""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

reader = tf.train.load_checkpoint(sys.argv[1])
names = [n for n in reader.get_variable_to_shape_map() if n.startswith("module/")]
np.savez(sys.argv[2], **{n: reader.get_tensor(n) for n in names})
