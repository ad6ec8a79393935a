"""Runs the benchmarks that are named, by default all but the one with a million records, and writes the report."""

import argparse

from benchmarks import loading, matching, orders, searching
from benchmarks.figures import Figure, write

BENCHMARKS = {
    "matching": matching.measure,
    "orders": orders.measure,
    "loading": loading.measure,
    "searching": searching.measure,
    "million": loading.measure_million,
}


def main() -> None:
    """Prints each figure as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which; without any, all")
    names = parser.parse_args().names or list(BENCHMARKS)
    figures: list[Figure] = []
    for name in names:
        print(f"== {name}", flush=True)
        for figure in BENCHMARKS[name]():
            print(f"{figure.what}: {figure.value} {figure.unit}  {figure.detail}", flush=True)
            figures.append(figure)
    write(figures, f"make bench ARGS='{' '.join(names)}'")


if __name__ == "__main__":
    main()
