"""English numbers in words, which a translation may write in digits."""

import re

ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
ONES += "seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
OTHERS = {
    "a": [1], "an": [1], "once": [1], "single": [1], "both": [2], "twice": [2], "half": [1, 2], "halves": [1, 2],
    "quarter": [1, 4], "hundred": [100], "thousand": [1000], "million": [1_000_000], "billion": [10**9], "dozen": [12],
    "pair": [2], "no": [0], "hundredth": [1, 100], "thousandth": [1, 1000], "hundredths": [100],
    "hundred-thousandth": [1, 100_000], "millionth": [1, 1_000_000],
}  # fmt: skip
VALUES = {word: [value] for value, word in enumerate(ONES)}
VALUES |= {word: [10 * value] for value, word in enumerate(TENS, 2)}
VALUES |= {word: [value] for value, word in enumerate(ORDINALS, 1)}
VALUES |= OTHERS


def written_out(text):
    """The values of all numbers in words, as digits: those of the words, of ``twenty-five``, of ``three hundred``."""
    values = set()
    for run in re.findall(r"[A-Za-z]+(?:[ -](?:and )?[A-Za-z]+)*", text):
        words = [VALUES.get(word.removesuffix("s"), VALUES.get(word)) for word in re.split(r"[ -]", run.lower())]
        for i, found in enumerate(words):
            if found is None:
                continue
            values |= set(found)
            after = words[i + 1] if i + 1 < len(words) else None
            if after and found[0] and after[0]:
                values |= {found[0] * after[0], found[0] + after[0]}
    return {str(value) for value in values} | {f"{value:,}" for value in values}
