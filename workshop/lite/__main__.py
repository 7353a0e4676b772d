"""``python -m workshop.lite``."""

from workshop.lite.assemble import main

if __name__ == "__main__":
    main()
