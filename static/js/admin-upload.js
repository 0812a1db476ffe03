// A form that takes a while says so once it is sent, and is sent only once.
for (const form of document.querySelectorAll("form[data-working]")) {
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  form.addEventListener("submit", (event) => {
    if (status.textContent) {
      event.preventDefault();
      return;
    }
    status.textContent = form.dataset.working;
    button.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => { // also when somebody comes back to the page
    status.textContent = "";
    button.removeAttribute("aria-disabled");
  });
}
