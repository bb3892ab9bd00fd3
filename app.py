"""The page: ``python app.py`` here, and the entry point of a Hugging Face Space."""

from genworld.ui import main

if __name__ == "__main__":
    main()
