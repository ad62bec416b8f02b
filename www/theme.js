// Restores the chosen theme. A classic script, because a module would run after the first paint.
{
  const KEY = "theme";
  const root = document.documentElement;
  // A browser may deny the page its storage.
  const stored = (action) => {
    try {
      return action(localStorage);
    } catch {
      return undefined;
    }
  };
  const apply = (theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  const kept = stored((storage) => storage.getItem(KEY)) ?? "";
  apply(kept);
  addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("theme");
    for (const radio of choice.querySelectorAll("input")) {
      radio.checked = radio.value === kept;
      radio.addEventListener("change", () => {
        apply(radio.value);
        stored((storage) => storage.setItem(KEY, radio.value));
      });
    }
    choice.disabled = false;
  });
}
