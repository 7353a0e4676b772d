"""The font of the figures in Chinese: a part of Noto Sans SC, small enough to come with nnlib.

    python -m uv run --with pylopdf-fonts-zh-cn==0.1.1 python -m workshop.edition.font

has the characters of level 1 of GB 2312, which are 3,755, and all that the catalogues use beyond them. Latin letters,
digits and signs are drawn in DejaVu Sans, as in the English figures. The whole font comes from a package of PyPI that
only this command needs; its licence, the SIL Open Font License, stands beside the part.
"""

import hashlib
from importlib import metadata

from fontTools import subset

from nnlib._support.language import FOLDER, FONTS
from workshop.edition import LOCALE
from workshop.edition.catalogue import load

PACKAGE = "pylopdf-fonts-zh-cn"
SHA256 = "faa6c9df652116dde789d351359f3d7e5d2285a2b2a1f04a2d7244df706d5ea9"
MARKS = "，。；：！？、（）“”‘’《》—…·"
DROPPED = [
    "BASE",
    "GDEF",
    "GPOS",
    "GSUB",
    "STAT",
    "VORG",
    "vhea",
    "vmtx",
]  # for text that stands upright, or is typeset


def level_1():
    """The 3,755 most used characters, as the standard GB 2312 lists them."""
    rows = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in rows)


def used(language):
    """The characters of all translations that are beyond ASCII."""
    texts = (entry.msgstr for path in sorted((LOCALE / language).glob("*.po")) for entry in load(path))
    return {c for text in texts for c in text if ord(c) > 0x2E7F}


def main(language="zh"):
    """Make the font anew, beside the catalogue of nnlib."""
    files = {path.name: path.locate() for path in metadata.files(PACKAGE)}
    whole, licence = files["NotoSansSC-Regular.otf"], files["LICENSE"]
    if hashlib.sha256(whole.read_bytes()).hexdigest() != SHA256:
        raise SystemExit(f"{whole} is not the font that this module knows: another version of {PACKAGE}?")
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += DROPPED
    font = subset.load_font(str(whole), options)
    part = subset.Subsetter(options)
    part.populate(text=level_1() + MARKS + "".join(sorted(used(language))))
    part.subset(font)
    name, file = FONTS[language]
    subset.save_font(font, str(FOLDER / file), options)
    notice = f"{name}, a part of it. {font['name'].getDebugName(0)}\n\n"
    (FOLDER / f"{file}.LICENSE.txt").write_text(notice + licence.read_text(encoding="utf-8"), encoding="utf-8")
    print(f"{file}: {(FOLDER / file).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
