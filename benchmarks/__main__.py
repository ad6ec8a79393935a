"""Runs the benchmarks that are named, by default all, and writes the report after each."""

import argparse

from benchmarks import (
    agreement,
    at_scale,
    bulk,
    circulation,
    fitting,
    freshness,
    known_items,
    loading,
    matching,
    melinda,
    orders,
    readings,
    searching,
    serving,
    works,
)
from benchmarks.figures import Figure, write

BENCHMARKS = {
    "matching": matching.measure,
    "likelihood": fitting.measure,
    "melinda": melinda.measure,
    "works": works.measure,
    "readings": readings.measure,
    "orders": orders.measure,
    "loading": loading.measure,
    "known-items": known_items.measure,
    "agreement": agreement.measure,
    "searching": searching.measure,
    "serving": serving.measure,
    "bulk": bulk.measure,
    "freshness": freshness.measure,
    "circulation": circulation.measure,
    "million": loading.measure_million,
    "at-scale": at_scale.measure,
}


def main() -> None:
    """Prints each figure as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="which; without any, all")
    names = parser.parse_args().names or list(BENCHMARKS)
    for name in names:
        print(f"== {name}", flush=True)
        figures: list[Figure] = []
        for figure in BENCHMARKS[name]():
            print(f"{figure.what}: {figure.value} {figure.unit}  {figure.detail}", flush=True)
            figures.append(figure)
        write(figures, name)


if __name__ == "__main__":
    main()
