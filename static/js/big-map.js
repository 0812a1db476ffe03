// The big map of a circle: Leaflet and the outlines are loaded when the reader presses the button, and not before.
// The drawing above and the lists below say the same without it.

const part = document.getElementById("big-map");
const button = part.querySelector("button");
const hint = part.querySelector("p");
const status = part.querySelector("[role=status]");
const frame = part.querySelector(".big-map");
const TILES = "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
  + "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}";

function style(address) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = done;
    link.onerror = failed;
    document.head.prepend(link); // before our own sheets, which override it
  });
}

async function outlines(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function popup({ name, url, minutes }, estimated) {
  const words = document.createElement("p");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = name;
  words.append(link);
  if (minutes) words.append(`，${estimated ? "估算" : ""}约${minutes}分钟`);
  return words;
}

function draw(circle) {
  const { key } = part.dataset;
  const still = { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false };
  const map = L.map(frame, { ...still, zoomControl: false, zoomSnap: key ? 1 : 0.25 });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  const scale = L.control.scale({ imperial: false });
  scale._updateMetric = (most) => { // Leaflet's own says m and km
    const metres = scale._getRoundNum(most);
    scale._updateScale(scale._mScale, metres < 1000 ? `${metres}米` : `${metres / 1000}公里`, metres / most);
  };
  scale.addTo(map);
  map.attributionControl.setPrefix("Leaflet");
  for (const words of [circle.estimate, circle.attribution]) if (words) map.attributionControl.addAttribution(words);
  if (key) {
    const options = { key, subdomains: "01234567", maxZoom: 18, attribution: "底图：天地图" };
    for (const layer of ["vec", "cva"]) L.tileLayer(TILES, { ...options, layer }).addTo(map);
  }
  const features = (what) => circle.features.filter((feature) => feature.properties.what === what);
  if (!key) L.geoJSON(features("streets"), { style: { className: "streets", interactive: false } }).addTo(map);
  const shapes = L.geoJSON(features("outline"), {
    smoothFactor: 0.5,
    style: ({ properties }) => ({ className: `outline outline-${properties.key}`, interactive: false }),
  }).addTo(map);
  L.geoJSON(features("home"), {
    pointToLayer({ properties }, place) {
      const icon = L.divIcon({
        className: `place${properties.number ? "" : " place-middle"}`,
        html: String(properties.number ?? "家"),
        iconSize: [44, 44],
      });
      const marker = L.marker(place, { icon }).bindPopup(popup(properties, circle.estimate), { minWidth: 180 });
      return marker.on("add", () => marker.getElement().setAttribute("aria-label", properties.name));
    },
  }).addTo(map);
  map.fitBounds(shapes.getBounds());
}

button.addEventListener("click", async () => {
  button.disabled = true;
  status.textContent = "正在打开大地图，请稍等……";
  try {
    const [circle] = await Promise.all([outlines(part.dataset.circle), style(part.dataset.style), import(part.dataset.program)]);
    frame.hidden = false;
    draw(circle);
    button.remove();
    hint.remove();
    status.textContent = "挪动：用手指、鼠标或方向键。放大、缩小：按加号、减号。";
    frame.focus();
  } catch {
    frame.hidden = true;
    button.disabled = false;
    status.textContent = "大地图没有打开，可能是网络不好，请再试一次。上面的图和下面的名单说的是一样的内容。";
  }
});

part.hidden = false;
