"""What strangers' files, broken machines and fast hands do to flagsae; the tests have a short form of each."""
