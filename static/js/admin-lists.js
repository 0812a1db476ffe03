// On a phone a row of a list is a card: every cell says what it is (static/css/admin-lists.css shows it).
const headings = [...document.querySelectorAll("#result_list thead th")].map((heading) => heading.textContent.trim());
for (const row of document.querySelectorAll("#result_list tbody tr")) {
  [...row.children].forEach((cell, place) => {
    if (cell.matches("td:not(.action-checkbox)") && headings[place]) {
      cell.dataset.label = headings[place].replace(/[↑↓].*$/, "");
    }
  });
}
