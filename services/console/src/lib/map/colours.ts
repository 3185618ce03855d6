/** What the canvas is painted with: taken from the page's own colours, which follow the theme. */
import { FAMILIES } from "../families";

export interface Colours {
  sea: string;
  land: string;
  border: string;
  ink: string;
  faint: string;
  surface: string;
  focus: string;
  families: string[];
}

export function coloursOf(element: Element, dark: boolean): Colours {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    sea: of("--sea"),
    land: of("--land"),
    border: of("--border-on-map"),
    ink: of("--ink"),
    faint: of("--ink-faint"),
    surface: of("--surface"),
    focus: of("--focus"),
    families: FAMILIES.map((family) => (dark ? family.dark : family.light)),
  };
}
