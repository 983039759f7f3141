"""Write the sample county: ``python -m zoning.load.sample FOLDER [BLOCKS [SEED]]``."""

import sys

from zoning.load.sample import write_sample

DEFAULTS = (1200, 7)


def main(words: list[str]) -> int:
    """Write the folder named first; number of blocks and seed may follow."""
    if not words or not all(word.isdigit() for word in words[1:]):
        sys.stderr.write("python -m zoning.load.sample FOLDER [BLOCKS [SEED]]\n")
        return 2
    blocks, seed = [*map(int, words[1:3]), *DEFAULTS[len(words) - 1 :]][:2]
    write_sample(words[0], blocks=blocks, seed=seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
