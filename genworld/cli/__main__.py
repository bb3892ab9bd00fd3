"""``python -m genworld.cli`` is the command."""

from genworld.cli import main

if __name__ == "__main__":
    main()
