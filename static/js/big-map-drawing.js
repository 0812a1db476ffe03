// What big-map.js loads once the reader wants the big map. Leaflet's `L` is there by then.

const TILES = "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
  + "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}";

function popup({ name, url, minutes }, estimated) {
  const words = document.createElement("p");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = name;
  words.append(link);
  if (minutes) words.append(`，${estimated ? "估算" : ""}约${minutes}分钟`);
  return words;
}

// Draws a circle of homes into an element. With a key of 天地图 on its tiles, else on the streets alone.
export function draw(frame, circle, key) {
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
