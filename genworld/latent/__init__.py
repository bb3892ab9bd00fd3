"""Moving through what a model knows: directions, interpolation, breeding, maps, and the way back from a picture."""
