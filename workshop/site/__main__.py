"""The command: ``python -m workshop.site build/site``."""

import argparse
import sys
import time

from workshop.site.build import build


def main():
    """Build the site into the folder that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m workshop.site", description="Build the site and the book.")
    parser.add_argument("folder", help="like build/site; a site that is there is replaced, its lite/ stays")
    folder = parser.parse_args().folder
    begin = time.perf_counter()
    try:
        build(folder)
    except ValueError as error:
        sys.exit(str(error))
    print(f"{folder}/index.html, built in {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
