// The page works without this; with it a slider shows its answer at once.
"use strict";
for (const form of document.querySelectorAll("form[data-live]")) {
  const into = document.getElementById(form.dataset.into);
  let asked = null;
  const ask = async () => {
    if (asked) asked.abort();
    asked = new AbortController();
    const query = new URLSearchParams(new FormData(form));
    into.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${form.dataset.live}?${query}`, { signal: asked.signal, headers: { accept: "text/html" } });
      into.innerHTML = await answer.text();
      history.replaceState(null, "", `${form.getAttribute("action")}?${query}`);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      into.textContent = "That could not be tried now; press the button to try again.";
    }
    into.removeAttribute("aria-busy");
  };
  for (const slider of form.querySelectorAll("input[type=range]")) {
    const shown = slider.closest(".slider").querySelector("output");
    slider.addEventListener("input", () => { shown.textContent = slider.value; });
    slider.addEventListener("change", ask);
  }
}
