"""Makes the tables that the benchmark of known items draws its slips from: ``benchmarks/data/homophones.tsv`` and ``look_alikes.tsv``.

    python -m tools.typing_slips FOLDER

FOLDER holds Unihan_Readings.txt as Unicode publishes it, plain or as ``.bz2`` (on Debian: /usr/share/unicode of the package unicode-data).
Both tables speak of the characters of GB 2312. Nothing that the catalogue analyses or corrects by is read here, so that the benchmark does
not ask the catalogue what it knows by heart:

- *homophones*: the readings that Unihan counts in spoken language (kHanyuPinlu), for rarer characters the customary one (kMandarin),
  without their tones. One line a syllable.
- *look-alikes*: the characters are drawn by a headless Chromium in Noto Sans CJK SC, and those whose pictures, a little blurred, are most
  alike (cosine of what differs from the mean) are told, the nearest first. One line a character.
"""

import bz2
import re
import shutil
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

TARGET = Path(__file__).resolve().parent.parent / "benchmarks" / "data"
_READING = re.compile(r"^U\+([0-9A-F]+)\t(kHanyuPinlu|kMandarin)\t(.*)$", re.MULTILINE)
_MOST_ALIKE, _LEAST = 5, 0.72
_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_DRAW = """
const [characters, most, least] = arguments, size = 24, cells = size * size;
const canvas = document.createElement("canvas");
canvas.width = canvas.height = size;
const pen = canvas.getContext("2d", {willReadFrequently: true});
pen.font = "22px 'Noto Sans CJK SC'"; pen.textAlign = "center"; pen.textBaseline = "middle"; pen.filter = "blur(0.8px)";
const pictures = characters.map(character => {
  pen.clearRect(0, 0, size, size);
  pen.fillText(character, size / 2, size / 2 + 1);
  const pixels = pen.getImageData(0, 0, size, size).data, picture = new Float32Array(cells);
  let sum = 0, squares = 0;
  for (let i = 0; i < cells; i++) sum += picture[i] = pixels[4 * i + 3];
  for (let i = 0; i < cells; i++) squares += (picture[i] -= sum / cells) ** 2;
  return picture.map(value => value / Math.sqrt(squares));
});
return pictures.map((picture, own) => {
  const alike = [];
  for (let other = 0; other < pictures.length; other++) {
    if (other === own) continue;
    const second = pictures[other];
    let likeness = 0;
    for (let i = 0; i < cells; i++) likeness += picture[i] * second[i];
    if (likeness >= least) alike.push([likeness, other]);
  }
  return alike.sort((a, b) => b[0] - a[0]).slice(0, most).map(([, other]) => other);
});
"""


def characters() -> list[str]:
    """The Han characters of GB 2312."""
    return [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF - 5 * (row == 0xD7))]


def homophones(readings: str, wanted: Iterable[str]) -> Mapping[str, str]:
    """Toneless syllable → the characters that are read so."""
    spoken: dict[str, dict[str, str]] = defaultdict(dict)
    for code, kind, told in _READING.findall(readings):
        spoken[chr(int(code, 16))][kind] = told
    found: dict[str, str] = defaultdict(str)
    for character in wanted:
        told = spoken[character].get("kHanyuPinlu") or spoken[character].get("kMandarin", "")
        for syllable in dict.fromkeys(_toneless(one.partition("(")[0]) for one in told.split()):
            found[syllable] += character
    return dict(sorted(found.items()))


def _toneless(syllable: str) -> str:
    plain = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in plain if c.isascii())


def look_alikes(wanted: list[str]) -> Mapping[str, str]:
    """Character → those that look most like it. Needs chromium, chromedriver and the font; takes about a minute."""
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in _FLAGS:
        options.add_argument(flag)
    session = Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        session.set_script_timeout(600)
        alike = session.execute_script(_DRAW, wanted, _MOST_ALIKE, _LEAST)
    finally:
        session.quit()
    return {character: "".join(wanted[i] for i in others) for character, others in zip(wanted, alike, strict=True) if others}


def _write(name: str, table: Mapping[str, str]) -> None:
    lines = [f"# Made by python -m tools.typing_slips, which tells what of. {len(table):,} lines.", *map("\t".join, table.items()), ""]
    (TARGET / name).write_text("\n".join(lines), "utf-8")


def main() -> None:
    """Writes both tables."""
    plain = Path(sys.argv[1]) / "Unihan_Readings.txt"
    readings = plain.read_bytes() if plain.exists() else bz2.decompress(plain.with_name("Unihan_Readings.txt.bz2").read_bytes())
    wanted = characters()
    _write("homophones.tsv", homophones(readings.decode(), wanted))
    _write("look_alikes.tsv", look_alikes(wanted))


if __name__ == "__main__":
    main()
