// The big map of a circle: Leaflet, the outlines and what draws them are loaded when the reader presses the button,
// and not before. The drawing above and the lists below say the same without it.

const part = document.getElementById("big-map");
const button = part.querySelector("button");
const hint = part.querySelector("p");
const status = part.querySelector("[role=status]");
const frame = part.querySelector(".big-map");

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

button.addEventListener("click", async () => {
  button.disabled = true;
  status.textContent = "正在打开大地图，请稍等……";
  try {
    const { circle: address, style: sheet, program, drawing, key } = part.dataset;
    const [circle, { draw }] = await Promise.all([outlines(address), import(drawing), import(program), style(sheet)]);
    frame.hidden = false;
    draw(frame, circle, key);
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
