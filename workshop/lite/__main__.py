"""``python -m workshop.lite``."""

from workshop.lite.assemble import main

main()
