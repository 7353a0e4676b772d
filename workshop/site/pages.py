"""The pages of the site that are no lessons, and the list of all pages."""

import re
from dataclasses import dataclass

import nbformat

from workshop import ROOT
from workshop.site import pictures
from workshop.site.links import relative, resolved
from workshop.site.prose import unbroken

LEFT_OUT = {"The lessons", "What is where", "What it reaches", "In a class", "Licence"}  # of the README: elsewhere here
TALK = "[slides](slides_and_student_edition.md)"  # a teacher's page says how to make them; here they are made
COMMENT = re.compile(r"<!--.*?-->", flags=re.S)  # they mark the figures for workshop/documents.py


@dataclass(frozen=True)
class Page:
    """A page of the site: its file in the project, its name on the site without a suffix, and its title."""

    file: str
    name: str
    title: str


@dataclass(frozen=True)
class Lesson(Page):
    """A lesson's page; ``to_read`` and ``to_do`` are how long it takes, as the README says it."""

    number: int
    to_read: str
    to_do: str

    @property
    def stem(self):
        """Its notebook's name, without a suffix."""
        return self.name.partition("/")[2]

    @property
    def talk(self):
        """The name of the page with its talk."""
        return f"slides/{self.stem}"

    @property
    def teacher(self):
        """The page for its teacher: a file of the project."""
        return f"teaching/lesson_{self.number}.md"


def title_of(markdown):
    """A page's first heading."""
    return re.search(r"^# (.+)$", markdown, flags=re.M)[1].strip()


def lessons():
    """The lessons in their order."""
    rows = re.findall(
        r"^\| \d+ \| \[(.+?)\]\(notebooks/(\S+)\.ipynb\) \| .+? \| (.+?) \| (.+?) \|", read("README.md"), flags=re.M
    )
    return [
        Lesson(f"notebooks/{stem}.ipynb", f"lessons/{stem}", title, number, to_read, to_do)
        for number, (title, stem, to_read, to_do) in enumerate(rows, start=1)
    ]


def all_pages():
    """Every page of the site by its file, but for the front page."""
    teaching = sorted((ROOT / "teaching").glob("*.md"))
    found = [
        *lessons(),
        *(page(f"teaching/{path.name}", f"teaching/{path.stem.replace('README', 'index')}") for path in teaching),
        page("workshop/benchmarks/README.md", "benchmarks"),
        page("workshop/site/text/making.md", "making"),
        Page("README.md", "run", "Run it yourself"),
    ]
    return {found_page.file: found_page for found_page in found}


def page(file, name):
    """The page of a Markdown file, with the title that it gives itself."""
    return Page(file, name, title_of(read(file)))


def read(file):
    """A text file of the project."""
    return (ROOT / file).read_text(encoding="utf-8")


def notebook(lesson):
    """A lesson's stored notebook."""
    return nbformat.read(ROOT / lesson.file, as_version=4)


def run_page(top):
    """What the README says of running the lessons, as a page of its own, with ``top`` below its first lines."""
    sections = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", read("README.md"), flags=re.M | re.S)
    kept = [f"## {name}\n{text}" for name, text in sections if name not in LEFT_OUT]
    return "\n\n".join([read("workshop/site/text/run.md"), top, *kept])


def markdown(page, pages, collected, top=""):
    """The source of a page that is no lesson, with the links of the site; its pictures go to ``collected``."""
    source = run_page(top) if page.file == "README.md" else read(page.file)
    source = pictures.placed(
        COMMENT.sub("", source),
        (ROOT / page.file).parent,
        lambda name: relative(f"_static/pictures/{name}", page.name),
        collected,
    )
    for lesson in pages.values():
        if isinstance(lesson, Lesson) and lesson.teacher == page.file:
            source = source.replace(TALK, f'<a href="../{lesson.talk}.html">slides</a>')
    return resolved(unbroken(source), page.file, pages)


def write(folder, name, source):
    """Write a page's source into the folder that Sphinx reads."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
