"""`python -m mockserver` is `partner-mock`."""

from mockserver.cli import main

if __name__ == "__main__":
    main(prog_name="partner-mock")
