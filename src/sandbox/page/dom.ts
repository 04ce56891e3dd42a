export type Child = Node | string | undefined | false;

interface Attributes {
  class?: string;
  on?: { [Kind in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Kind]) => void };
  [name: string]: string | number | boolean | object | undefined;
}

/**
 * An element with its attributes, listeners and children. Strings become text, never HTML; an
 * attribute that is false or undefined is left out, one that is true is there without a value.
 */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const [kind, listener] of Object.entries(attributes.on ?? {})) {
    element.addEventListener(kind, listener as (event: Event) => void);
  }
  element.append(...children.filter(isThere));
  return element;
}

function setAttribute(element: HTMLElement, name: string, value: Attributes[string]): void {
  if (value === undefined || value === false || typeof value === "object") return;
  element.setAttribute(name, value === true ? "" : String(value));
}

function isThere(child: Child): child is Node | string {
  return child !== undefined && child !== false;
}

/** The element of the page's own HTML with this id. Throws where there is none. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no part "${id}".`);
  return found;
}

/** Sets a text only where it differs, so that a screen reader does not read it again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Puts `wanted` into `list`, in order, moving no element that is where it must be. */
export function arrange(list: Element, wanted: readonly Element[]): void {
  const kept = new Set(wanted);
  for (const child of [...list.children]) if (!kept.has(child)) child.remove();
  let next = list.firstElementChild;
  for (const element of wanted) {
    if (element === next) next = next.nextElementSibling;
    else list.insertBefore(element, next);
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing of 24 by 24, for the eye only. */
export function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of [
    ["viewBox", "0 0 24 24"],
    ["class", "icon"],
    ["aria-hidden", "true"],
    ["focusable", "false"],
  ] as const) {
    svg.setAttribute(name, value);
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
