"""The site: all lessons as pages that need nothing but a browser, and the same lessons as a book for e-readers.

    python -m uv run python -m workshop.site build/site

How it is made, and why so:

- A stored notebook becomes one Markdown page (`lessons`), with its outputs beside it: pictures as files, text as text,
  and the things to play with in containers that scripts bring to life. Sphinx, MyST and the theme Furo make pages of
  them, with search, a dark mode and navigation that need no server. myst-nb, which reads notebooks by itself, was
  tried: it does not know which code is folded, keeps pictures inside the page and shows a stored widget as its Python
  name. What would be left of its work is a fence around the code, and it brings a database along.
- Formulas are MathML (`formulas`). The alternatives load a program that sets them while one reads: MathJax 2.7, which
  comes with jupyter-server-mathjax, has 300 kB to load, compressed, and moves the text when it is done. MathML needs no
  program and no room (1 to 5 kB a lesson, compressed), is read out by screen readers, and is what e-readers understand.
  All browsers of the last years show it. It needs a font with a table for formulas, so a part of STIX Two Math (76 kB,
  from ziamath) comes along. Of two programs that make MathML, math-core keeps TeX's spaces and its typewriter letters.
- The Chinese pages are built like the English ones, in a folder of their own (`languages`), and use the English site's
  files where theirs would be equal. Sphinx's way, a catalogue from which it translates pages, loses HTML in lessons.
- No page asks for anything from elsewhere, and all addresses are relative: the site works from a folder, from a stick
  and under any path of a server.
"""
