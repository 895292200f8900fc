// Shows the derivation of a rate. Without this script it stands in the price list.
const dialog = document.createElement("dialog");
document.body.append(dialog);
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("button")) dialog.close();
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-rate]");
  const row = link && document.getElementById(link.hash.slice(1));
  if (!row || !dialog.showModal) return;
  event.preventDefault();
  const headings = row.closest("table").tHead.rows[0].cells;
  const element = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const title = element("h3", row.dataset.about);
  const table = document.createElement("table");
  for (const cell of row.cells) {
    if (!cell.dataset.clause && !cell.dataset.rate) continue;
    const line = table.insertRow();
    line.append(element("th", headings[cell.cellIndex].textContent));
    const clause = element("td", cell.dataset.clause ? "§" + cell.dataset.clause : "=");
    const value = element("td", cell.textContent);
    value.className = "n";
    line.append(clause, value);
  }
  const close = element("button", words.close);
  close.type = "button";
  dialog.replaceChildren(title, table, close);
  dialog.showModal();
});
