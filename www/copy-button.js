/** Buttons that copy the text of the element they name in `data-copies`. */

const SHOWN_MS = 2000;

/** @param {HTMLElement} status Where the outcome is read out from. */
export function wireCopyButtons(status) {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const source = document.getElementById(button.dataset.copies);
    const label = button.textContent;
    let timer;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.textContent);
        button.textContent = "Copied";
        status.textContent = "Copied.";
      } catch {
        // Not served securely, or not permitted: the selection is one key press away from being copied.
        getSelection().selectAllChildren(source);
        button.textContent = "Selected";
        status.textContent = "Selected: press Control or Command and C to copy.";
      }
      clearTimeout(timer);
      timer = setTimeout(() => {
        button.textContent = label;
        status.textContent = "";
      }, SHOWN_MS);
    });
  }
}
