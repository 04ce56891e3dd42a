const MUTED = "muster-sandbox-muted";

export function isMuted(): boolean {
  return localStorage.getItem(MUTED) === "yes";
}

export function setMuted(muted: boolean): void {
  localStorage.setItem(MUTED, muted ? "yes" : "no");
  if (muted) silence();
}

/** Whether the browser has a voice of this computer's; others would send the words elsewhere. */
export function canSpeak(): boolean {
  return voice() !== undefined;
}

export function speak(words: string): void {
  const chosen = voice();
  if (chosen === undefined || isMuted()) return;
  const utterance = new SpeechSynthesisUtterance(words);
  utterance.voice = chosen;
  utterance.lang = chosen.lang;
  speechSynthesis.speak(utterance);
}

export function silence(): void {
  if ("speechSynthesis" in window) speechSynthesis.cancel();
}

function voice(): SpeechSynthesisVoice | undefined {
  if (!("speechSynthesis" in window)) return undefined;
  const local = speechSynthesis.getVoices().filter(({ localService }) => localService);
  return local.find(({ lang }) => lang.startsWith("en")) ?? local[0];
}
