"""Perceptual hashes of pictures: PDQ, its eight turned forms, and variants to look up. Pure."""

from havenwall.match.image.dihedral import Turn, dihedral, poses, turned_image
from havenwall.match.image.hexes import bytes_of, codes_of, distance, distances, hex_of, words_of
from havenwall.match.image.pdq import LEAST_QUALITY, Pdq, pdq
from havenwall.match.image.shrink import Image
from havenwall.match.image.trim import Box, trim
from havenwall.match.image.variants import Variant, View, opposite, parts, undone_name, variants

__all__ = [
    "LEAST_QUALITY",
    "Box",
    "Image",
    "Pdq",
    "Turn",
    "Variant",
    "View",
    "bytes_of",
    "codes_of",
    "dihedral",
    "distance",
    "distances",
    "hex_of",
    "opposite",
    "parts",
    "pdq",
    "poses",
    "trim",
    "turned_image",
    "undone_name",
    "variants",
    "words_of",
]
