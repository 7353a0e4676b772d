"""How the project is made: the training runs and their results, benchmarks, slides, the student edition, long checks.

Everything here is run from the project's folder, as ``python -m workshop.…``; the lessons and `nnlib` never import it.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
