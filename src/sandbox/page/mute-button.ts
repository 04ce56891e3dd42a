import { el, setText } from "./dom";
import { canSpeak, isMuted, setMuted } from "./speech";

/** Whether the words of calls are spoken. It is there only where the browser has a voice. */
export function muteButton(): HTMLElement {
  const button = el("button", { type: "button", class: "quiet" });
  const show = (): void => {
    button.hidden = !canSpeak();
    button.setAttribute("aria-pressed", String(isMuted()));
    setText(button, "Mute calls");
  };
  button.addEventListener("click", () => {
    setMuted(!isMuted());
    show();
  });
  // Voices are known only some time after the page was opened.
  if ("speechSynthesis" in window) speechSynthesis.addEventListener("voiceschanged", show);
  show();
  return button;
}
