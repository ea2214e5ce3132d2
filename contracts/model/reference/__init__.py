"""What the model believes: plain rows and the rules of the documentation, written a second time and without a look at
the emulator's own services, so that neither can excuse the other."""
