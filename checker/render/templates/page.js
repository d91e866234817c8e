
"use strict";
(() => {
  const keys = document.getElementById("keys");
  if (!keys) return;
  keys.parentElement.hidden = false;
  const status = keys.parentElement.querySelector("[role=status]");
  const beside = matchMedia("(min-width: 60rem)");
  if (!beside.matches) {
    for (const outline of document.querySelectorAll(".outline details")) outline.open = false;
  }
  const shown = () => [...document.querySelectorAll(".finding")]
    .filter((finding) => getComputedStyle(finding).display !== "none");
  const words = (finding) => document.getElementById(finding.id.replace("-f", "-t"));
  let current = null;

  function select(finding) {
    for (const mark of document.querySelectorAll("mark.current")) mark.classList.remove("current");
    for (const mark of document.querySelectorAll(`mark[data-n="${finding.id}"]`)) {
      mark.classList.add("current");
    }
    current = finding;
    const all = shown();
    status.textContent = `第 ${all.indexOf(finding) + 1} 条，共 ${all.length} 条`;
  }
  function show(finding) {
    finding.focus({ preventScroll: true });
    if (beside.matches && words(finding)) words(finding).scrollIntoView({ block: "center" });
    finding.scrollIntoView({ block: beside.matches ? "nearest" : "start" });
  }
  function step(by) {
    const all = shown();
    if (!all.length) return;
    const at = all.indexOf(current);
    show(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
  }
  document.addEventListener("focusin", (event) => {
    const finding = event.target.closest(".finding");
    if (finding) select(finding);
  });
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.matches(".finding") && words(event.target)) {
      const link = document.querySelector(`mark[data-n="${event.target.id}"] a`);
      words(event.target).scrollIntoView({ block: "center" });
      if (link) link.focus({ preventScroll: true });
    } else if (event.key === "Enter" && event.target.closest("mark")) {
      const mark = event.target.closest("mark");
      show(document.getElementById(current && mark.closest(`mark[data-n="${current.id}"]`)
        ? current.id : mark.dataset.n));
    } else {
      return;
    }
    event.preventDefault();
  });
})();
