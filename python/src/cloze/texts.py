"""Columns, and texts that were written where a column is expected."""

from pyspark.sql import Column

from cloze.checkout import ClozeError

ColumnOrName = Column | str

MASKS = ("[MASK]", "<mask>")
ENDS = (".", "!", "?", "…", '."', '!"', '?"')
FEW_WORDS = 3


def column(function: str, given: ColumnOrName) -> ColumnOrName:
    """``given``, unless it is a text of which somebody expects the result at once.

    :raises ClozeError: where it is one
    """
    if isinstance(given, Column):
        return given
    if not isinstance(given, str):
        raise ClozeError(
            f"Cannot call {function}: {given!r} is neither a column nor the name of one; "
            "put texts into a DataFrame, and name the column they are in"
        )
    if _is_text(given):
        raise ClozeError(
            f"Cannot call {function}: {_quoted(given)} is a text, and the name of a column is expected; "
            f"put texts into a DataFrame and name their column, as in "
            f'spark.createDataFrame([("…",)], ["text"]).select(cloze.{function}("text")), '
            f'or write lit("…") for a text and col("…") for a column with such a name, both of pyspark.sql.functions'
        )
    return given


def _is_text(name: str) -> bool:
    words = name.split()
    return any(mask in name for mask in MASKS) or (len(words) >= FEW_WORDS and name.rstrip().endswith(ENDS)) or "\n" in name


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= 40 else line[:39] + "…"}"'
