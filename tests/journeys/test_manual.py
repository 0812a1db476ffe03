"""The pictures of the manual show the site as it is: their words are compared with those of the pages now."""

import pytest

from tests.journeys.manual_list import PICTURES
from tests.journeys.manual_pictures import Reader, kept_words


@pytest.mark.parametrize("who", sorted({picture.who for picture in PICTURES.values()}))
def test_the_pictures_show_the_site_as_it_is(demo, open_page, who):
    reader, kept = Reader(open_page(), demo, who), kept_words()
    stale = {}
    for name, picture in PICTURES.items():
        if picture.who == who and (now := reader.words(picture)) != kept.get(name):
            stale[name] = now
    assert stale == {}, "the pages changed since their pictures were taken: run `make manual`, then look at them"
