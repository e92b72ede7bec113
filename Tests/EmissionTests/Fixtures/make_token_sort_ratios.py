"""Writes token_sort_ratios.txt and nearest_names.txt with rapidfuzz's own answers.

    pip install rapidfuzz && python3 make_token_sort_ratios.py

token_sort_ratios.txt: tab-separated, two texts, their Indel distance after sorting their words, and
the sum of both lengths. nearest_names.txt: a line of tab-separated names; then for each description
a line of its text, the distance and length sum of the most similar names, and their indices.
All texts are normalized already, so that nothing but the ratio is compared.
"""

import pathlib
import random
from fractions import Fraction

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

HERE = pathlib.Path(__file__).parent
WORDS = """cape coast castle tour kakum canopy walk adventure manhyia palace cultural aburi gardens
nature escape kumasi heritage historical elmina mole safari park accra food night festival concert
show ticket volta lake boat day trip museum the of and a in 2 2025 день замок тур 東京 タワー 見学
महल strasse""".split()
LETTERS = "abcdeno stm1ж東ди"


def phrase(generator, most=7):
    return " ".join(generator.choice(WORDS) for _ in range(generator.randint(1, most)))


def noisy(generator, text):
    characters = list(text)
    for _ in range(generator.randint(0, 6)):
        place = generator.randrange(len(characters) + 1)
        action = generator.random()
        if action < 0.4 and characters:
            del characters[min(place, len(characters) - 1)]
        elif action < 0.8:
            characters.insert(place, generator.choice(LETTERS))
        else:
            words = "".join(characters).split()
            generator.shuffle(words)
            characters = list(" ".join(words))
    return " ".join("".join(characters).split()) or "a"


def joined(text):
    return " ".join(sorted(text.split()))


def answer(left, right):
    distance = Indel.distance(joined(left), joined(right))
    total = len(joined(left)) + len(joined(right))
    assert abs(fuzz.token_sort_ratio(left, right) - 100 * (1 - distance / total)) < 1e-9
    return distance, total


def pairs(generator):
    for index in range(2000):
        most = 40 if index % 20 == 0 else 7
        left = noisy(generator, phrase(generator, most))
        right = noisy(generator, left if index % 3 else phrase(generator, most))
        yield left, right


def main():
    generator = random.Random(20261120)
    with open(HERE / "token_sort_ratios.txt", "w", encoding="utf-8") as out:
        for left, right in pairs(generator):
            print(left, right, *answer(left, right), sep="\t", file=out)
    names = sorted({phrase(generator, 5) for _ in range(400)})
    with open(HERE / "nearest_names.txt", "w", encoding="utf-8") as out:
        print(*names, sep="\t", file=out)
        for _ in range(600):
            text = noisy(generator, generator.choice(names))
            answers = [answer(text, name) for name in names]
            best = min(Fraction(distance, total) for distance, total in answers)
            items = [i for i, (d, t) in enumerate(answers) if Fraction(d, t) == best]
            print(text, *answers[items[0]], " ".join(map(str, items)), sep="\t", file=out)


if __name__ == "__main__":
    main()
