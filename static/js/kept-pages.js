// The list of what this phone keeps, and the button that clears it. Without a service worker there is nothing to list.

const list = document.getElementById("kept-pages");
const nothing = document.getElementById("nothing-kept");
const clear = document.getElementById("clear-kept");
const done = document.getElementById("cleared");

async function names() {
  return (await caches.keys()).filter((name) => name.startsWith("pages-"));
}

async function kept() {
  const found = [];
  for (const name of await names()) {
    const pages = await caches.open(name);
    for (const key of await pages.keys()) found.push([key.url, (await pages.match(key)).headers]);
  }
  const others = found.filter(([url]) => new URL(url).pathname !== list.dataset.itself);
  return others.sort((one, other) => other[1].get("Kept-At") - one[1].get("Kept-At"));
}

function line(url, headers) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = decodeURIComponent(headers.get("Kept-Title")).split(" · ")[0];
  item.append(link, ` ${decodeURIComponent(headers.get("Kept-When"))}存的`);
  return item;
}

async function show() {
  const pages = await kept();
  list.replaceChildren(...pages.map(([url, headers]) => line(url, headers)));
  nothing.hidden = pages.length > 0;
  clear.hidden = false;
}

clear.addEventListener("click", async () => {
  for (const name of await names()) {
    const pages = await caches.open(name);
    for (const key of await pages.keys()) {
      if (new URL(key.url).pathname !== list.dataset.itself) await pages.delete(key);
    }
  }
  localStorage.removeItem("codes");
  await show();
  done.textContent = "清掉了。这部手机上存的页面和编号都没有了。";
});

if ("caches" in window) show();
