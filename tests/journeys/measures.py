"""What axe does not measure: how large, how far apart and how readable a page is. Each answer names the places.

Sizes are CSS pixels.
"""

# `seen`: what people see of a document, not what is folded, hidden or clipped away for screen readers.
_SEEN = """
const seen = (element) => {
  const box = element.getBoundingClientRect();
  if (box.width <= 1 || box.height <= 1 || box.right <= 0 || box.bottom + scrollY <= 0) return false;
  if (!element.checkVisibility({visibilityProperty: true})) return false;
  for (let above = element; above; above = above.parentElement) {
    const style = getComputedStyle(above);
    if (style.clipPath.startsWith("inset(50%") || style.clip.startsWith("rect(0")) return false;
  }
  return true;
};
const name = (element) => {
  const words = element.innerText || element.textContent || element.value || element.id;
  return `${element.tagName.toLowerCase()} “${words.trim().replace(/\\s+/g, " ").slice(0, 30)}”`;
};
const lines = (node) => {
  const range = document.createRange();
  range.selectNodeContents(node);
  return [...range.getClientRects()];
};
const texts = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const node = walker.currentNode, parent = node.parentElement;
  if (node.data.trim() && !parent.closest("script, style, select") && seen(parent)) texts.push({node, parent});
}
"""

_SIZES = """
const sizes = texts.map(({node, parent}) => {
  const scale = parent.ownerSVGElement ? parent.getScreenCTM().a : 1;
  return [parseFloat(getComputedStyle(parent).fontSize) * scale, node.data.trim().length, name(parent)];
});
for (const field of document.querySelectorAll("select, textarea, input:not([type=radio], [type=checkbox])")) {
  const text = field.value || field.placeholder || "";
  if (seen(field)) sizes.push([parseFloat(getComputedStyle(field).fontSize), text.length, name(field)]);
}
return sizes;
"""

# A link in a sentence has the height of its line. A label is part of its radio button or checkbox.
_TARGETS = """
const inSentence = (link) => {
  if (link.tagName !== "A" || getComputedStyle(link).display !== "inline") return false;
  const block = link.closest("p, dd, td, li, figcaption, blockquote");
  return block && [...block.childNodes].some((node) => !node.contains(link) && node.textContent.trim());
};
return [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])")]
  .filter((target) => seen(target) && !target.closest("svg") && !inSentence(target))
  .map((target) => {
    const labels = ["radio", "checkbox"].includes(target.type) ? [...target.labels] : [];
    const parts = [target, ...labels].map((part) => part.getBoundingClientRect());
    const edge = (side, choose) => choose(...parts.map((part) => part[side]));
    const box = [edge("left", Math.min), edge("top", Math.min), edge("right", Math.max), edge("bottom", Math.max)];
    return [...box, name(target)];
  });
"""

_CUT = """
const found = [];
for (const element of document.body.querySelectorAll("*")) {
  if (element.closest("svg") || !seen(element)) continue;
  const style = getComputedStyle(element), cuts = (overflow) => ["hidden", "clip"].includes(overflow);
  if ((cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
    || (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1)) found.push(`cut: ${name(element)}`);
}
for (const {node, parent} of texts) {
  const holder = parent.closest("a, button, summary"), box = holder && getComputedStyle(holder).display !== "inline"
    ? holder.getBoundingClientRect() : {left: 0, right: innerWidth, top: -Infinity, bottom: Infinity};
  if (!parent.closest("svg") && lines(node).some((line) => line.left < box.left - 1 || line.right > box.right + 1
    || line.top < box.top - 4 || line.bottom > box.bottom + 4)) found.push(`out of its box: ${name(parent)}`);
}
return [...new Set(found)];
"""

_CRAMPED = """
const found = [];
const running = (block) => block && block.matches("p") && block.textContent.trim().length > 60;
for (const {node, parent} of texts) {
  const style = getComputedStyle(parent), size = parseFloat(style.fontSize), height = parseFloat(style.lineHeight);
  const wrong = (what) => found.push(`${what}: ${name(parent)}`);
  if (style.fontStyle !== "normal") wrong(style.fontStyle);
  if (style.textAlign === "justify") wrong("justified");
  if (!style.fontFamily.endsWith("sans-serif")) wrong(style.fontFamily);
  if (!parent.matches("p, li, dd, blockquote")) continue;
  if (lines(node).some((line) => line.width > 40.5 * size)) wrong("more than 40 characters to a line");
  if (!running(parent)) continue;
  if (height < 1.5 * size) wrong(`lines at ${height / size}`);
  if (running(parent.nextElementSibling)) {
    const gap = parent.nextElementSibling.getBoundingClientRect().top - parent.getBoundingClientRect().bottom;
    if (gap < 1.3 * (height - size)) wrong(`paragraphs ${gap} px apart`);
  }
}
return [...new Set(found)];
"""


_STRUCTURE = """
() => {
  const wrong = [], all = (selector) => [...document.querySelectorAll(selector)];
  const sheet = document.querySelector("main.sheet"), inner = !sheet && !["/", "/en/"].includes(location.pathname);
  const lang = document.documentElement.lang;
  if (lang !== (location.pathname.startsWith("/en/") ? "en" : "zh-CN")) wrong.push(`lang is ${lang}`);
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} h1`);
  for (const part of ["main", "nav", ...(sheet ? [] : ["header", "footer"])])
    if (!document.querySelector(part)) wrong.push(`no ${part}`);
  if (inner && !document.querySelector("nav.crumbs [aria-current=page], .trouble")) wrong.push("no breadcrumbs");
  if (all(".site-nav [aria-current]").length > 1) wrong.push("two places at once");
  for (const image of all("img")) {
    if (!image.naturalWidth) wrong.push(`broken: ${image.src}`);
    if (!image.alt || /\\.(webp|jpe?g|png|svg)|^(图片|照片)$/i.test(image.alt)) wrong.push(`alt: ${image.alt}`);
  }
  for (const link of all("a[href]")) {
    const words = link.textContent.trim();
    if (/^(更多|点击这里|这里|点这里|详情|查看|链接|here)$/.test(words)) wrong.push(`a link to anywhere: ${words}`);
    if (link.hasAttribute("target")) wrong.push(`opens a window: ${words}`);
  }
  for (const one of all("marquee, blink, video, audio[autoplay], dialog[open], [style]:not(svg *)"))
    wrong.push(one.outerHTML);
  for (const one of all("body *"))
    if (["fixed", "sticky"].includes(getComputedStyle(one).position)) wrong.push(`floats: ${one.className}`);
  if (document.getAnimations().length) wrong.push("something moves");
  if (/user-scalable|maximum-scale/.test(document.querySelector("meta[name=viewport]").content)) wrong.push("no zoom");
  return wrong;
}
"""

# scrolls to the end, so that lazy pictures count too; answers with how far the layout jumped meanwhile
_READ_TO_THE_END = """
async () => {
  for (let top = 0; top < document.documentElement.scrollHeight; top += 700) {
    scrollTo(0, top);
    await new Promise(requestAnimationFrame);
  }
  await Promise.all([...document.images].filter((image) => !image.complete)
    .map((image) => new Promise((done) => { image.onload = image.onerror = done; })));
  scrollTo(0, 0);
  const observer = new PerformanceObserver(() => {});
  observer.observe({type: "layout-shift", buffered: true});
  return observer.takeRecords().reduce((sum, shift) => sum + shift.value, 0);
}
"""

# What can be pressed or filled in: its border or its face must differ by 3:1 from what it stands on.
_FAINT_EDGES = """
() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const solid = (colour) => channels(colour).length < 4 || channels(colour)[3] === 1;
  const below = (element) => {
    for (let above = element; above; above = above.parentElement) {
      const colour = getComputedStyle(above).backgroundColor;
      if (solid(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const apart = (...pair) => {
    const [darker, lighter] = pair.map(light).sort((one, other) => one - other);
    return (lighter + 0.05) / (darker + 0.05);
  };
  const fields = "input:not([type=hidden], [type=file], [type=radio], [type=checkbox]), select, textarea";
  return [...document.querySelectorAll(`${fields}, .govuk-button, a.choice, a.call`)]
    .filter((element) => element.checkVisibility())
    .filter((element) => {
      const style = getComputedStyle(element), ground = below(element.parentElement);
      const edges = [below(element)];
      if (parseFloat(style.borderTopWidth)) edges.push(style.borderTopColor);
      return edges.filter(solid).every((edge) => apart(edge, ground) < 3);
    })
    .map((element) => element.outerHTML.slice(0, 120));
}
"""

_SPREAD = """
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`p { margin-bottom: 2em !important; }
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }`);
  document.adoptedStyleSheets = [sheet];
}
"""


def _ask(page, question):
    return page.evaluate(f"() => {{{_SEEN}{question}}}")


def text_sizes(page):
    """[(px, number of characters, where)] of all text that is seen."""
    return _ask(page, _SIZES)


def small_targets(page, least=44):
    """What can be pressed and is lower or narrower than `least`. Not the map: its homes stand in the list beside it."""
    boxes = ((right - left, bottom - top, where) for left, top, right, bottom, where in _ask(page, _TARGETS))
    return [
        f"{width:.0f} x {height:.0f}: {where}" for width, height, where in boxes if min(width, height) < least - 0.5
    ]


def crowded_targets(page, gap=8, roomy=60):
    """Neighbours nearer than `gap`; two that are at least `roomy` in that direction may touch."""
    found = _ask(page, _TARGETS)
    crowded = []
    for number, (left, top, right, bottom, one) in enumerate(found):
        for left_2, top_2, right_2, bottom_2, other in found[number + 1 :]:
            across, down = max(left_2 - right, left - right_2), max(top_2 - bottom, top - bottom_2)
            if max(across, down) < gap - 0.5:
                sizes = (bottom - top, bottom_2 - top_2) if down >= across else (right - left, right_2 - left_2)
                if min(sizes) < roomy - 0.5:
                    crowded.append(f"{max(across, down):.0f} between {one} and {other}")
    return crowded


def cut_off(page):
    """Elements that cut off what they hold, and words that reach out of their button or the window."""
    return _ask(page, _CUT)


def cramped(page):
    """Text against the rules of reading: lines, paragraphs, faces."""
    return _ask(page, _CRAMPED)


def misbuilt(page):
    """What breaks the plan that all pages share: language, one title, landmarks, breadcrumbs, pictures, words of links;
    and what moves, floats or forbids zooming."""
    return page.evaluate(_STRUCTURE)


def read_to_the_end(page):
    """Scroll through the page as a reader does, so that lazy pictures load; return how far the layout jumped (CLS)."""
    return page.evaluate(_READ_TO_THE_END)


def faint_edges(page):
    """Buttons, choices and fields whose border and face both differ by less than 3:1 from what they stand on."""
    return page.evaluate(_FAINT_EDGES)


def spread_letters(page):
    """The reader's own style of WCAG 1.4.12: lines, letters, words and paragraphs further apart."""
    page.evaluate(_SPREAD)


def weigh(page):
    """A list that fills with the bytes of everything the page loads from now on, as they come over the line.

    Drawings inside a style sheet do not, nor do the icons that the browser itself has for its player: `data:`.
    """
    loaded, inside = [], set()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def asked(event):
        if event["request"]["url"].startswith("data:"):
            inside.add(event["requestId"])

    def finished(event):
        if event["requestId"] not in inside:
            loaded.append(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.loadingFinished", finished)
    return loaded
