// 存在这部手机: a code is kept on this device when its owner presses for it, never by itself, and taken off the same way.
// What is kept: the code, and the words on the button's data-words (the sort of thing and the day).

const MOST = 20;
const keeper = document.querySelector("[data-keep-code]");
const list = document.getElementById("kept-codes");

function read() {
  try {
    return JSON.parse(localStorage.getItem("codes")) || [];
  } catch {
    return [];
  }
}

function write(codes) {
  localStorage.setItem("codes", JSON.stringify(codes.slice(0, MOST)));
}

const without = (code) => read().filter((kept) => kept.code !== code);

function button(label, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "govuk-button button-quiet";
  made.textContent = label;
  made.addEventListener("click", press);
  return made;
}

function showKeeper() {
  const { keepCode: code } = keeper.dataset;
  const isKept = read().some((kept) => kept.code === code);
  keeper.textContent = isKept ? "不存了，从这部手机上拿掉" : "存在这部手机";
  keeper.hidden = false;
  return isKept;
}

function fill(code) {
  document.getElementById("id_code").value = code;
  document.getElementById("id_last_four").focus();
}

function showList() {
  const codes = read();
  list.querySelector("[data-codes]").replaceChildren(
    ...codes.map(({ code, words }) => {
      const item = document.createElement("li");
      const spaced = `${code.slice(0, 4)} ${code.slice(4)}`;
      item.append(button(`${words}：${spaced}`, () => fill(code)), " ");
      const off = () => (write(without(code)), showList());
      item.append(button("拿掉", off));
      item.lastChild.setAttribute("aria-label", `拿掉${spaced}`);
      return item;
    }),
  );
  list.hidden = codes.length === 0;
}

// A browser that keeps nothing (a private window of some) says so by an error: then there is no button.
try {
  write(read());
  if (list) showList();
  if (keeper) {
    showKeeper();
    keeper.addEventListener("click", () => {
      const { keepCode: code, words } = keeper.dataset;
      write(showKeeper() ? without(code) : [{ code, words }, ...without(code)]);
      const isKept = showKeeper();
      document.getElementById("code-kept").textContent = isKept
        ? "存好了。以后打开“查进度”，它就在那里。用这部手机的人都看得到。"
        : "拿掉了。";
    });
  }
} catch {
  if (keeper) keeper.hidden = true;
}
