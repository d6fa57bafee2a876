"""Names of Python and the settings of Cloze that they stand for."""


def key(name: str) -> str:
    """A setting without ``spark.cloze.``: ``augment_top_k`` is ``augment.top-k``, ``batch_tokens`` is ``batch-tokens``."""
    if name.startswith("augment_"):
        return "augment." + name.removeprefix("augment_").replace("_", "-")
    return name.replace("_", "-")


def text(value: object) -> str:
    """A value as Spark's settings write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
