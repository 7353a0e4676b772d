"""What SECURITY.md promises and no other test holds: where servers listen, and that nothing evaluates data."""

import ast
import json
import re

import pytest

from nnlib import plots
from nnlib.play.frame import Play
from tests import ROOT

PYTHON = sorted([*ROOT.glob("nnlib/**/*.py"), *ROOT.glob("workshop/**/*.py")])
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("[!.]*/README.md"), *ROOT.glob("teaching/*.md"), *ROOT.glob("environment.yml")]
)


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_evaluates_text_or_opens_a_pickle(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            assert name not in ("eval", "exec", "compile", "os.system", "pickle.load", "pickle.loads", "yaml.load"), (
                f"{path}:{node.lineno}"
            )
            for keyword in node.keywords:
                assert keyword.arg not in ("allow_pickle", "shell") or not getattr(keyword.value, "value", True), (
                    f"{path}:{node.lineno}"
                )


@pytest.mark.parametrize("path", sorted(ROOT.glob("nnlib/**/*.js")), ids=lambda path: path.name)
def test_the_page_shows_text_as_text(path):
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\([\"']",
        path.read_text(),
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_command_that_we_give_opens_a_server_to_the_network_or_takes_its_token_away(path):
    for line in path.read_text().splitlines():
        assert not re.search(
            r"0\.0\.0\.0|--ip[= ]\*|token=['\"]?\s*$|token=''|password=''|ngrok|--share|disable_check_xsrf", line
        ), line


@pytest.mark.parametrize("path", sorted(ROOT.glob("notebooks/*.ipynb")), ids=lambda path: path.stem)
def test_no_notebook_opens_a_server_or_runs_a_shell(path):
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            assert not re.search(
                r"^\s*[!%](?!matplotlib)|os\.system|subprocess|eval\(|exec\(", "".join(cell["source"]), flags=re.M
            )


def test_html_that_we_build_shows_text_as_text():
    """The table of a class is tested in test_check.py."""
    nasty = '<script>alert("a digit")</script> of a stranger'
    fig, _ = plots.figure(1, 1)
    pages = [plots.show(fig, nasty).data, Play(lambda: (fig, nasty))._repr_mimebundle_()[0]["text/html"]]
    for page in pages:
        assert "&lt;script&gt;alert(&quot;a digit&quot;)" in page and "<script" not in page
