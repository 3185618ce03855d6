/** The report in the reader's language: the gateway makes it in English, and its words are those of the language's file. */
import { isTranslated, languageCode, word } from "./labels.svelte";
import { titled } from "./words";

/** Says what is known in the reader's language; what is not stays English, and is marked so. */
export function translate(page: HTMLElement): void {
  if (languageCode() === "en") return;
  const texts = page.ownerDocument.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const known: [Text, string][] = [];
  while (texts.nextNode()) {
    const text = texts.currentNode as Text;
    const english = text.data.trim().replace(/\s+/g, " ");
    const said = english && saidOf(english);
    if (said) known.push([text, text.data.replace(text.data.trim(), said)]);
  }
  for (const [text, said] of known) {
    const isAlone = text.parentNode!.childNodes.length === 1;
    const around = isAlone ? text.parentElement! : page.ownerDocument.createElement("span");
    if (!isAlone) text.replaceWith(around);
    around.lang = languageCode();
    around.textContent = said;
  }
}

/** A sentence, a code or the title of a figure, in the reader's language; null where it has none. */
function saidOf(english: string): string | null {
  if (isTranslated(english)) return word(english);
  if (!english.includes(": ")) return null;
  const said = titled(english);
  return said === english ? null : said;
}
