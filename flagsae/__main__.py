"""`python -m flagsae` is the command `flagsae`."""

from flagsae.cli import main

if __name__ == "__main__":
    main()
