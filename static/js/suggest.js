// Suggestions below a search field while somebody types, as a combobox: arrows, Enter and Escape, or a tap.
const PAUSE = 200; // milliseconds after the last letter
const fields = document.querySelectorAll("input[data-suggest]");

function stylesheet(address) {
  if ([...document.styleSheets].some(({ href }) => href && new URL(href).pathname === address)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address;
  document.head.append(link);
}

function combobox(field, number) {
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let timer, asked, active;

  list.id = `suggested-${number}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "您是不是找");
  list.hidden = true;
  said.className = "govuk-visually-hidden";
  said.setAttribute("role", "status");
  list.className = "suggested";
  field.after(list, said); // the field stays where it is: moved, it would lose the focus and what is being typed
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    field.setAttribute(name, value);
  }

  function mark(option) {
    active?.setAttribute("aria-selected", "false");
    active = option;
    active?.setAttribute("aria-selected", "true");
    if (active) field.setAttribute("aria-activedescendant", active.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function close() {
    mark();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
  }

  function show(suggestions) {
    mark();
    list.replaceChildren(
      ...suggestions.map(({ title, kind, url, sample }, at) => {
        const option = document.createElement("li");
        const about = document.createElement("span");
        option.id = `${list.id}-${at}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        about.textContent = sample ? `${kind} 示例数据` : kind;
        option.append(title, " ", about);
        option.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
        option.addEventListener("click", () => location.assign(url));
        return option;
      }),
    );
    list.hidden = !suggestions.length || document.activeElement !== field;
    field.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = list.hidden ? "" : `有${suggestions.length}条建议，用上下键挑。`;
  }

  async function ask() {
    asked?.abort();
    const q = field.value.trim();
    if (!q) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${field.form.action}suggestions?q=${encodeURIComponent(q)}`, { signal: asked.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch {
      // gone on typing, or no network: the form works all the same
    }
  }

  function askSoon(event) {
    clearTimeout(timer);
    if (!event?.isComposing) timer = setTimeout(ask, PAUSE); // pinyin on its way to be characters is not asked for
  }

  field.addEventListener("input", askSoon);
  field.addEventListener("compositionend", () => askSoon());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const stops = [undefined, ...list.children]; // the field itself is one
      mark(stops[(stops.indexOf(active) + step + stops.length) % stops.length]);
    } else if (event.key === "Enter" && active) active.click();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  if (field.value !== field.defaultValue) askSoon(); // typed before this came
}

fields.forEach((field, number) => {
  stylesheet(field.dataset.sheet);
  combobox(field, number);
});
