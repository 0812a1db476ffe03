// Where a position lies on the outline of the district: shown while it is typed, set by a press or the arrow keys.
// The server converts (branches/views/position.py), so that one place does. Without scripts the fields remain.
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAST = 10; // times, with Shift
const PAUSE = 300; // milliseconds after the last key

function answering(place) {
  const { longitude, latitude, datum, location_precision: precision } = place.closest("form").elements;
  if (!longitude || !latitude || !datum) return; // somebody who only looks
  const press = place.querySelector(".position-press");
  const point = place.querySelector("circle");
  const words = place.querySelector(".position-words");
  const none = place.querySelector(".position-none");
  const swap = place.querySelector(".position-swap");
  const saved = point && !point.hasAttribute("hidden") ? { x: point.getAttribute("cx"), y: point.getAttribute("cy") } : {};
  let asked = 0;
  let pressed = false; // the datum was chosen here, for degrees read off the outline
  let waiting;

  function show({ x, y, words: told = "", swapped }) {
    words.textContent = told;
    swap.hidden = !swapped;
    if (!point) return;
    const known = x !== undefined && x !== null;
    point.toggleAttribute("hidden", !known);
    if (none) none.hidden = known;
    if (known) {
      point.setAttribute("cx", x);
      point.setAttribute("cy", y);
    }
  }

  async function ask(question) {
    clearTimeout(waiting);
    const turn = (asked += 1);
    let answer = { words: "这会儿在图上看不了，数字照样可以填、可以保存。" };
    try {
      const response = await fetch(`${place.dataset.ask}?${new URLSearchParams(question)}`);
      if (response.ok && !response.redirected) answer = await response.json();
    } catch {
      // said above
    }
    if (turn !== asked) return;
    if (answer.longitude) {
      longitude.value = answer.longitude;
      latitude.value = answer.latitude;
      datum.value = "WGS-84";
      pressed = true;
      if (precision) precision.value = "hand_placed";
    }
    show(answer);
  }

  function look() {
    asked += 1; // what is on its way is out of date
    clearTimeout(waiting);
    const typed = [longitude.value, latitude.value];
    if (typed[0] === place.dataset.longitude && typed[1] === place.dataset.latitude) show(saved);
    else if (!typed[0] && !typed[1]) show({});
    else waiting = setTimeout(() => ask({ longitude: typed[0], latitude: typed[1], datum: datum.value }), PAUSE);
  }

  for (const field of [longitude, latitude]) {
    field.addEventListener("input", () => {
      if (pressed) datum.value = ""; // what is typed now may be from another map
      pressed = false;
      look();
    });
  }
  datum.addEventListener("change", look);
  swap.addEventListener("click", () => {
    [longitude.value, latitude.value] = [latitude.value, longitude.value];
    longitude.focus();
    look();
  });
  look();
  if (!press) return;

  const map = press.querySelector("svg");
  place.querySelector(".position-hint").hidden = false;
  press.tabIndex = 0;
  press.setAttribute("role", "application");
  press.setAttribute("aria-label", `${map.getAttribute("aria-label")}：按方向键挪动`);
  press.addEventListener("click", ({ clientX, clientY }) => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(map.getScreenCTM().inverse());
    ask({ x, y });
  });
  press.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const box = map.viewBox.baseVal;
    const shown = !point.hasAttribute("hidden");
    const [x, y] = shown ? [point.cx.baseVal.value, point.cy.baseVal.value] : [box.width / 2, box.height / 2];
    const far = event.shiftKey ? FAST : 1;
    const next = { x: x + move[0] * far, y: y + move[1] * far };
    show({ ...next, words: words.textContent }); // the next key goes on from here, whenever the answer comes
    ask(next);
  });
}

document.querySelectorAll(".position").forEach(answering);
