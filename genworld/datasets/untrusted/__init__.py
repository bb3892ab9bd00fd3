"""Bounded reading of what strangers bring: folders, zips, single files; pictures, text, JSON, XML, packed data.

Nothing is ever extracted to disk and nothing is fetched. Whatever comes, these
functions end in a result or in a GenworldError with one plain sentence.
"""

from genworld.datasets.untrusted.bundles import Beside, Bundle, Folder
from genworld.datasets.untrusted.files import read_file, read_text
from genworld.datasets.untrusted.inflate import PACKINGS, inflate
from genworld.datasets.untrusted.json import read_json
from genworld.datasets.untrusted.opening import open_bundle
from genworld.datasets.untrusted.pictures import PICTURE_FORMATS, PICTURE_SUFFIXES, read_picture
from genworld.datasets.untrusted.references import resolve
from genworld.datasets.untrusted.xml import read_xml
from genworld.datasets.untrusted.zips import ARCHIVE_SUFFIXES, SMALL_MEMBER, Zip

__all__ = [
    "ARCHIVE_SUFFIXES",
    "PACKINGS",
    "PICTURE_FORMATS",
    "PICTURE_SUFFIXES",
    "SMALL_MEMBER",
    "Beside",
    "Bundle",
    "Folder",
    "Zip",
    "inflate",
    "open_bundle",
    "read_file",
    "read_json",
    "read_picture",
    "read_text",
    "read_xml",
    "resolve",
]
