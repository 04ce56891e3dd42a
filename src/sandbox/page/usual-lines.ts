import { el } from "./dom";

/** A line that people often say; where something is left open it is written, not sent. */
export interface UsualLine {
  label: string;
  line: string;
  isOpen: boolean;
}

export function usualLines(botName: string, isDirect: boolean): UsualLine[] {
  const mention = isDirect ? "" : `@${botName} `;
  const whole = (label: string): UsualLine => ({ label, line: mention + label, isOpen: false });
  const open = (verb: string): UsualLine => ({
    label: `${verb} …`,
    line: `${mention}${verb} `,
    isOpen: true,
  });
  return isDirect
    ? ["help", "authorize", "spaces"].map(whole)
    : [open("start incident"), whole("status"), open("add"), whole("stop incident"), whole("help")];
}

export function usualLineButtons(
  lines: readonly UsualLine[],
  choose: (line: UsualLine) => void,
): HTMLElement {
  return el(
    "div",
    { class: "usual-lines", role: "group", "aria-label": "Usual lines" },
    ...lines.map((line) =>
      el(
        "button",
        {
          type: "button",
          class: "chip",
          title: line.isOpen ? `Writes "${line.line}" for you to complete` : `Says "${line.line}"`,
          on: { click: () => choose(line) },
        },
        line.label,
      ),
    ),
  );
}
