"""The position of a home, chosen on the outline of the district."""

from homes.models import Home

GAODE = ("113.005500", "28.096700")  # 高德's numbers for a place in the district


def test_a_position_is_pressed_moved_by_keys_and_typed(live_server, cast, open_page, log_in, fits, axe):
    page, home = open_page(360), cast.homes["here"]
    log_in(page, live_server.url, "officer", to=f"/admin/homes/home/{home.pk}/change/")
    typed = [page.locator(f"#id_{name}") for name in ("longitude", "latitude")]
    words, point = page.locator(".position-words"), page.locator(".position-map circle")
    place = page.get_by_role("application")
    place.scroll_into_view_if_needed()
    place.click(position={"x": 100, "y": 100})
    words.get_by_text("保存以后是").wait_for()
    pressed = [field.input_value() for field in typed]
    assert page.get_by_label("坐标来源").input_value() == "WGS-84"
    assert page.get_by_label("位置精度").input_value() == "hand_placed"
    place.press("ArrowRight")
    place.press("Shift+ArrowUp")
    page.wait_for_function("before => document.getElementById('id_latitude').value !== before", arg=pressed[1])
    page.wait_for_function("before => document.getElementById('id_longitude').value !== before", arg=pressed[0])
    moved = [float(field.input_value()) for field in typed]
    assert all(now > before for now, before in zip(moved, map(float, pressed), strict=True))

    typed[0].fill(GAODE[1])
    typed[1].fill(GAODE[0])
    words.get_by_text("写反了").wait_for()
    page.get_by_role("button", name="对调经度和纬度").click()
    words.get_by_text("请选这组数字是从哪里来的").wait_for()  # what was pressed is no word about what is typed
    assert point.is_hidden()
    page.get_by_label("坐标来源").select_option(label="高德、腾讯、微信（GCJ-02）")
    words.get_by_text("保存以后是").wait_for()
    assert point.is_visible()
    assert fits(page)
    assert axe(page) == []
    told = words.inner_text()
    page.get_by_role("button", name="保存", exact=True).click()
    kept = Home.objects.get(pk=home.pk)
    assert f"{kept.longitude}, {kept.latitude}" in told
