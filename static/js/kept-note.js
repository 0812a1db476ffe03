// The word at the top of a kept page (static/workers/service-worker.js): the network is back, so offer the page anew.

const [words, again] = document.querySelector("[data-kept]").children;

window.addEventListener("online", () => {
  const isEnglish = document.documentElement.lang === "en";
  words.textContent = isEnglish ? "The network is back. This is still from before." : "网络回来了，下面还是从前存下的内容。";
  again.textContent = isEnglish ? "Load it anew" : "看新的";
});
