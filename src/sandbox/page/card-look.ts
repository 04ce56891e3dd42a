import { HostConfig } from "adaptivecards";

/** How cards look. The colours are the page's, so that a card is light or dark as the page is. */
export function cardLook(): HostConfig {
  return new HostConfig({
    supportsInteractivity: true,
    fontFamily: "inherit",
    fontSizes: { small: 12, default: 14, medium: 15, large: 17, extraLarge: 20 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    lineHeights: { small: 18, default: 21, medium: 22, large: 24, extraLarge: 28 },
    spacing: {
      small: 6,
      default: 8,
      medium: 14,
      large: 20,
      extraLarge: 28,
      padding: 16,
    },
    separator: { lineThickness: 1, lineColor: "var(--line)" },
    imageSizes: { small: 40, medium: 80, large: 120 },
    containerStyles: {
      default: { backgroundColor: "var(--card)", foregroundColors },
      emphasis: { backgroundColor: "var(--sunken)", foregroundColors },
    },
    inputs: {
      label: {
        inputSpacing: "small",
        requiredInputs: { weight: "bolder", suffix: " *", suffixColor: "attention" },
        optionalInputs: { weight: "bolder" },
      },
      errorMessage: { color: "attention", weight: "default", spacing: "small" },
    },
    actions: {
      maxActions: 10,
      spacing: "medium",
      buttonSpacing: 8,
      showCard: { actionMode: "inline", inlineTopMargin: 10, style: "emphasis" },
      actionsOrientation: "horizontal",
      actionAlignment: "left",
    },
    adaptiveCard: { allowCustomStyle: false },
    factSet: {
      title: { weight: "bolder", wrap: true, maxWidth: 160 },
      value: { wrap: true },
      spacing: 12,
    },
  });
}

const foregroundColors = {
  default: color("--text"),
  dark: color("--text"),
  light: color("--muted"),
  accent: color("--accent"),
  good: color("--good"),
  warning: color("--warning"),
  attention: color("--bad"),
};

function color(name: string): { default: string; subtle: string } {
  return { default: `var(${name})`, subtle: name === "--text" ? "var(--muted)" : `var(${name})` };
}
