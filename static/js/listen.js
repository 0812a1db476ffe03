// The audio library: a big play button, and on from where the listener stopped. The place is kept in this browser only,
// under the name of the recording; the native player below works without any of this.

const player = document.querySelector("[data-player]");
const sound = player.querySelector("audio");
const play = player.querySelector("[data-play]");
const again = player.querySelector("[data-again]");
const key = `listened:${player.dataset.player}`;
const EVERY = 5; // seconds of sound between two notes of the place
const WORTH = 5; // before that it is the beginning

let noted = 0;

function kept() {
  try {
    return Number(localStorage.getItem(key)) || 0;
  } catch {
    return 0; // a browser that keeps nothing plays from the beginning
  }
}

function keep(seconds) {
  noted = seconds;
  try {
    if (seconds > WORTH) localStorage.setItem(key, String(Math.floor(seconds)));
    else localStorage.removeItem(key);
  } catch {
    // nothing is kept here
  }
}

function inWords(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${minutes ? `${minutes}分` : ""}${Math.floor(seconds % 60)}秒`;
}

function show() {
  const place = kept();
  if (!sound.paused) play.textContent = "停一停";
  else play.textContent = place ? `接着听（从${inWords(place)}）` : "播放";
  again.hidden = !place;
}

function goTo(seconds) {
  if (sound.readyState > 0) sound.currentTime = seconds;
  else sound.addEventListener("loadedmetadata", () => { sound.currentTime = seconds; }, { once: true });
}

let begun = false;

sound.addEventListener("play", () => {
  if (!begun && kept()) goTo(kept()); // also where the native player is pressed
  begun = true;
  show();
});
sound.addEventListener("timeupdate", () => {
  if (!sound.paused && Math.abs(sound.currentTime - noted) >= EVERY) keep(sound.currentTime);
});
sound.addEventListener("pause", () => {
  if (!sound.ended) keep(sound.currentTime);
  show();
});
sound.addEventListener("ended", () => {
  keep(0);
  begun = false;
  show();
});
window.addEventListener("pagehide", () => {
  if (begun && !sound.ended) keep(sound.currentTime);
});
play.addEventListener("click", () => {
  if (sound.paused) sound.play().catch(show);
  else sound.pause();
});
again.addEventListener("click", () => {
  keep(0);
  begun = true;
  goTo(0);
  sound.play().catch(show);
});

play.hidden = false;
show();
