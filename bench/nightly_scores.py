#!/usr/bin/env python3
"""Writes made-up document scores of some nights, to try `cloze audit` with: bench/nightly_scores.py NIGHTS FILE

Three sources, from 2026-09-01 on, with their habits of weekdays. On the last night, one document in ten of `forum` is UTF-8 that was read as
Latin-1. The same command writes the same bytes.
"""

import datetime
import json
import math
import random
import sys

FIRST = datetime.date(2026, 9, 1)
SOURCES = {"news": (300, 2.05), "letters": (120, 2.60), "forum": (80, 2.35)}  # documents on a weekday, nats
SENTENCES = [
    "Le conseil général a été réuni hier à la mairie.",
    "Les élèves ont présenté leurs idées pour la fête de la forêt.",
    "Chacun apporte un gâteau que les autres goûtent après la leçon.",
    "Il a plu toute la journée, et la rivière est montée d’un mètre.",
    "Nous avons cherché la clé de l’église sans la trouver.",
    "La bibliothèque est fermée le lundi, mais elle prête des livres à côté.",
    "On a planté des pommiers là où était le vieux garage.",
    "Le train de huit heures était à l’heure, celui de midi ne l’était pas.",
    "Elle a écrit une lettre à son frère, qui habite près de la mer.",
    "Pour le dîner, il y avait du pâté, des pâtes et du thé.",
]

def document(draw, night, source, number, level, damaged):
    tokens = max(5, round(draw.lognormvariate(4.4, 0.6)))
    cross_entropy = max(0.2, level + draw.gauss(0, 0.45) + (0.55 if damaged else 0))
    text = " ".join([*draw.sample(SENTENCES, 4), f"Le {night}, c’est la lettre {number} de {source}."])
    return {
        "id": f"{night}-{source}-{number}",
        "date": str(night),
        "source": source,
        "text": text.encode("utf-8").decode("latin-1") if damaged else text,
        "tokens_scored": tokens,
        "nll": round(cross_entropy * tokens, 4),
        "status": "failed" if draw.random() < 0.001 else "ok",
    }


def main(nights, path):
    with open(path, "w", encoding="utf-8") as out:
        for i in range(nights):
            night = FIRST + datetime.timedelta(days=i)
            draw = random.Random(i)
            weekend = night.weekday() >= 5
            for source, (usual, level) in SOURCES.items():
                count = round(usual * (0.6 if weekend else 1) * math.exp(draw.gauss(0, 0.08)))
                moved = level + draw.gauss(0, 0.02) + (0.05 if weekend else 0)
                for number in range(count):
                    damaged = i == nights - 1 and source == "forum" and number % 10 == 0
                    out.write(json.dumps(document(draw, night, source, number, moved, damaged), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
