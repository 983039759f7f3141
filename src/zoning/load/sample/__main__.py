"""Write the sample county: ``python -m zoning.load.sample FOLDER [BLOCKS [SEED]]``."""

import sys

from zoning.load.sample import write_sample


def main(words: list[str]) -> int:
    """Write the folder named first; number of blocks and seed may follow."""
    if not words:
        sys.stderr.write("python -m zoning.load.sample FOLDER [BLOCKS [SEED]]\n")
        return 2
    numbers = [int(word) for word in words[1:3]]
    given = dict(zip(("blocks", "seed"), numbers, strict=False))
    write_sample(words[0], **given)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
