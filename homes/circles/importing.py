"""Take in the streets of an OpenStreetMap extract. What was in use stays in use until the new one is whole."""

from io import BytesIO
from pathlib import Path

import numpy as np
from django.core.files.base import ContentFile
from django.db import transaction

from branches.coordinates import inside
from branches.models import Division
from homes.circles.extract import read
from homes.circles.network import Network
from homes.circles.streets import FIXED, ExtractError
from homes.models import StreetNetwork

MARGIN = 2000  # metres about the district: people walk across its border too
SAMPLE = 2000  # crossings looked at, to see whether an extract has the district in it
NO_OUTLINE = "还没有本区的轮廓，不知道要哪里的街道。请先运行 manage.py load_district。"
ELSEWHERE = "“{name}”里没有{place}的街道。请下载包含{place}的地图文件。"


def import_streets(path, *, whole=False, tell=lambda words: None):
    """Read the .osm.pbf at `path`, of the district and about it or `whole`; keep its walkable streets and use them.

    Returns the StreetNetwork in use. ExtractError, with a sentence, where the file cannot be used: nothing has changed
    then. Circles are computed by whoever calls.
    """
    path, district = Path(path), Division.objects.district()
    if district is None or not district.outline:
        raise ExtractError(NO_OUTLINE)
    streets = read(path, area=None if whole else district.outline, margin=MARGIN, progress=tell)
    network = Network.build(streets)
    if not _meets(network, district.outline):
        raise ExtractError(ELSEWHERE.format(name=path.name, place=district))
    content = BytesIO()
    network.save(content)
    row = StreetNetwork(
        source=path.name[:120],
        checksum=network.checksum,
        source_date=network.source_date,
        licence=network.licence,
        nodes=len(network.nodes),
        edges=len(network.ends),
        kilometres=round(float(network.lengths.sum()) / 1000),
        is_in_use=True,
    )
    row.file.save(f"{network.checksum[:16]}.npz", ContentFile(content.getvalue()), save=False)
    with transaction.atomic():
        StreetNetwork.objects.filter(is_in_use=True).update(is_in_use=False)
        row.save()
    return row


def _meets(network, outline):
    """Whether any of the streets lies in the district."""
    nodes = network.arrays["nodes"]
    some = nodes[np.linspace(0, len(nodes) - 1, min(SAMPLE, len(nodes))).astype(int)] / FIXED
    return any(inside(outline, *point) for point in some.tolist())
