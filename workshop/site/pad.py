"""The pad on the site: its script, its style, and the two networks behind it, as files of the site."""

import json
import shutil
from pathlib import Path

import nnlib
from nnlib.data import DATA
from nnlib.pad import live

HERE = Path(__file__).parent
FILES = ("pad/pad.css", "pad/pad.js", "pad/start.js")  # what a page with a pad needs; start.js gets the networks
NETWORKS = {  # what the choice on the pad says, by the name in a page's data-networks
    "pretrained": "the shipped one",
    "lesson4": "lesson 4's",
}


def network(name):
    """One of the networks."""
    return nnlib.load_pretrained() if name == "pretrained" else nnlib.Network.load(DATA / "lesson4.npz")


def write(folder):
    """Write the files below ``folder``; returns those that a page with a pad needs, in order."""
    place = folder / "pad"
    place.mkdir(parents=True, exist_ok=True)
    (place / "pad.js").write_text(live.script(), encoding="utf-8")
    (place / "pad.css").write_text(live.style(), encoding="utf-8")
    shutil.copy(HERE / "static" / "start.js", place / "start.js")
    for name, title in NETWORKS.items():
        data = json.dumps({"title": title, "network": live.pack(network(name), bits=8)}, separators=(",", ":"))
        (place / f"{name}.js").write_text(f"nnlibNetworks.{name} = {data};\n", encoding="utf-8")
    return list(FILES)
