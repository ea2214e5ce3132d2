
"use strict";
// Filters the operations; without it the page only lacks its filter.
(() => {
  const one = (id) => document.getElementById(id);
  const search = one("search"), area = one("area"), outcome = one("outcome"), shown = one("shown");
  const operations = [...document.querySelectorAll(".operation")];

  const matches = (element) => {
    const { words, area: inArea, outcome: ended, gaps } = element.dataset;
    return search.value.toLowerCase().split(/\s+/).every((word) => words.includes(word))
      && (!area.value || inArea === area.value)
      && (!outcome.value || ended === outcome.value || gaps.split(" ").includes(outcome.value));
  };
  const filter = () => {
    for (const element of operations) element.hidden = !matches(element);
    const count = operations.filter((element) => !element.hidden).length;
    shown.textContent = count === 1 ? "1 operation" : `${count} operations`;
    one("none").hidden = count > 0;
    one("unfold").disabled = count === 0;
  };
  const clear = () => {
    search.value = area.value = outcome.value = "";
    filter();
  };
  const reveal = () => {
    const target = one(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.matches(".operation")) return;
    if (target.hidden) clear();
    target.open = true;
    target.scrollIntoView();
    target.querySelector("summary").focus();
  };
  const copy = async (button) => {
    const text = button.closest("figure").querySelector("pre");
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 1500);
    } catch {
      getSelection().selectAllChildren(text);
    }
  };

  one("filter").addEventListener("submit", (event) => event.preventDefault());
  for (const kind of ["input", "change"]) one("filter").addEventListener(kind, filter);
  one("all").addEventListener("click", () => { clear(); search.focus(); });
  one("unfold").addEventListener("click", (event) => {
    const seen = operations.filter((element) => !element.hidden);
    const open = !seen.every((element) => element.open);
    for (const element of seen) element.open = open;
  });
  document.addEventListener("click", (event) => {
    if (event.target.matches(".copy")) copy(event.target);
    if (event.target.matches("[data-show-area]")) {
      clear();
      area.value = event.target.dataset.showArea;
      filter();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === search) clear();
    if (event.key !== "/" || event.target.matches("input, select")) return;
    event.preventDefault();
    search.focus();
  });
  addEventListener("hashchange", reveal);
  // A browser may keep what was chosen before a reload.
  filter();
  reveal();
})();
