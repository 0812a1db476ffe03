// 朗读本页: reads the parts marked [data-read-aloud] with the device's own Chinese voice.
// The button stays hidden until there is such a voice, and nothing is spoken before it is pressed.

const button = document.querySelector("[data-read-aloud-button]");
const speech = window.speechSynthesis;

function chineseVoice() {
  const voices = speech.getVoices().filter((voice) => /^(zh|cmn)/i.test(voice.lang));
  return voices.find((voice) => /CN|Hans/i.test(voice.lang)) || voices[0];
}

// Sentence by sentence: some engines fall silent in the middle of a long text.
function sentences() {
  const parts = document.querySelectorAll("[data-read-aloud]");
  return [...parts].flatMap((part) => part.innerText.match(/[^。！？；\n]+[。！？；]?/g) || []).filter((text) => text.trim());
}

function show(reading) {
  button.setAttribute("aria-pressed", String(reading));
  button.textContent = reading ? "停止朗读" : "朗读本页";
}

function read() {
  const queue = sentences();
  const voice = chineseVoice();
  queue.forEach((text, index) => {
    const sentence = new SpeechSynthesisUtterance(text);
    sentence.voice = voice;
    sentence.lang = voice.lang;
    sentence.rate = 0.85; // slower than usual speech
    if (index === queue.length - 1) sentence.onend = () => show(false);
    sentence.onerror = () => show(false);
    speech.speak(sentence);
  });
  show(queue.length > 0);
}

function reveal() {
  if (chineseVoice()) button.hidden = false;
}

if (button && speech) {
  button.addEventListener("click", () => {
    const reading = button.getAttribute("aria-pressed") === "true";
    speech.cancel();
    if (reading) show(false);
    else read();
  });
  window.addEventListener("pagehide", () => speech.cancel());
  speech.onvoiceschanged = reveal;
  reveal();
}
