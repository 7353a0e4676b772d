"""The pages of the site that are no lessons, and the list of all pages."""

import re
from dataclasses import dataclass

import nbformat

from workshop import ROOT
from workshop.site import pictures
from workshop.site.languages import edition, say
from workshop.site.links import relative, resolved
from workshop.site.prose import unbroken

# What the run page leaves out of the README: it is elsewhere on the site.
LEFT_OUT = {"The lessons", "What is where", "What it reaches", "In a class", "Licence"}
TALK = re.compile(r"\[([^\]]+)\]\(slides_and_student_edition\.md\)")  # how to make them; here they are made
READMES = {"en": "README.md", "zh": "README.zh-CN.md"}
BENCHMARKS = "workshop/benchmarks/README.md"
PROJECT = "from-one-neuron.zip"  # the whole project, for those who want to run it; all editions have the same
COMMENT = re.compile(r"<!--.*?-->", flags=re.S)  # they mark the figures for workshop/documents.py


@dataclass(frozen=True)
class Page:
    """A page of the site: its file in the project, its name in its edition without a suffix, and its title."""

    file: str
    name: str
    title: str

    @property
    def only_english(self):
        """Whether other editions lead to the English page, which is outside their folder."""
        return self.file == BENCHMARKS


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
        """The name of the page for its teacher."""
        return f"teaching/lesson_{self.number}"


def title_of(markdown):
    """A page's first heading."""
    return re.search(r"^# (.+)$", markdown, flags=re.M)[1].strip()


def in_edition(folder):
    """A folder with English files, or the one in it with those of the edition."""
    return f"{folder}/{edition().folder}".rstrip("/")


def lessons():
    """The lessons in their order."""
    folder = in_edition("notebooks")
    rows = re.findall(
        rf"^\| \d+ \| \[(.+?)\]\({folder}/(\S+)\.ipynb\) \| .+? \| (.+?) \| (.+?) \|", read(readme()), flags=re.M
    )
    return [
        Lesson(f"{folder}/{stem}.ipynb", f"lessons/{stem}", title, number, to_read, to_do)
        for number, (title, stem, to_read, to_do) in enumerate(rows, start=1)
    ]


def readme():
    """The README of the edition: a file of the project."""
    return READMES[edition().code]


def all_pages():
    """Every page of the edition by its file, but for the front page; and the English one where it has none."""
    teaching, texts = in_edition("teaching"), in_edition("workshop/site/text")
    found = [
        *lessons(),
        *(
            page(f"{teaching}/{path.name}", f"teaching/{path.stem.replace('README', 'index')}")
            for path in sorted((ROOT / teaching).glob("*.md"))
        ),
        page(BENCHMARKS, relative("benchmarks", f"{edition().folder}/")),
        page(f"{texts}/making.md", "making"),
        Page(readme(), "run", title_of(read(f"{texts}/run.md"))),
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
    sections = re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", read(readme()), flags=re.M | re.S)
    left_out = {say(name) for name in LEFT_OUT}
    kept = [f"## {name}\n{text}" for name, text in sections if name not in left_out]
    text = read(f"{in_edition('workshop/site/text')}/run.md")
    project = relative(PROJECT, f"{edition().folder}/run")
    return "\n\n".join([text.replace(f'href="{PROJECT}"', f'href="{project}"'), top, *kept])


def markdown(page, pages, collected, top=""):
    """The source of a page that is no lesson, with the links of the site; its pictures go to ``collected``."""
    source = run_page(top) if page.file == readme() else read(page.file)
    source = pictures.placed(
        COMMENT.sub("", source),
        (ROOT / page.file).parent,
        lambda name: relative(f"_static/pictures/{name}", page.name),
        collected,
    )
    for lesson in pages.values():
        if isinstance(lesson, Lesson) and lesson.teacher == page.name:
            source = TALK.sub(rf'<a href="../{lesson.talk}.html">\1</a>', source)
    return resolved(unbroken(source), page.file, pages)


def write(folder, name, source):
    """Write a page's source into the folder that Sphinx reads."""
    path = folder / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
