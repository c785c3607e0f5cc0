/**
 * Moving through a table of inputs as opticians do: Enter goes to the next input, up and down to the one above or below, left and right to the
 * neighbour once the caret is at the end of the text. A field that uses a key itself (the arrows of a power) keeps it.
 */
import type { KeyboardEvent } from "react";

const INPUTS = 'input:not([type="hidden"]), select';

export function parCellules(event: KeyboardEvent<HTMLElement>): void {
  const here = event.target;
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (!(here instanceof HTMLInputElement || here instanceof HTMLSelectElement)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(INPUTS)];
  const to = next(event.key, event.shiftKey, here, all);
  if (!to) return;
  event.preventDefault();
  to.focus();
  if (to instanceof HTMLInputElement && to.type === "text") to.select();
}

function next(key: string, shift: boolean, here: HTMLInputElement | HTMLSelectElement, all: HTMLElement[]): HTMLElement | undefined {
  const index = all.indexOf(here);
  const isText = here instanceof HTMLInputElement && here.type === "text";
  switch (key) {
    case "Enter":
      return all[index + (shift ? -1 : 1)];
    case "ArrowUp":
    case "ArrowDown":
      return here instanceof HTMLSelectElement ? undefined : sameColumn(here, key === "ArrowUp" ? -1 : 1);
    case "ArrowLeft":
      return isText && here.selectionEnd === 0 ? all[index - 1] : undefined;
    case "ArrowRight":
      return isText && here.selectionStart === here.value.length ? all[index + 1] : undefined;
    default:
      return undefined;
  }
}

/** The input of the same column in the nearest row that has one. */
function sameColumn(here: HTMLElement, sens: 1 | -1): HTMLElement | undefined {
  const cell = here.closest("td");
  let row: Element | null | undefined = cell?.parentElement;
  while (cell instanceof HTMLTableCellElement && row) {
    row = sens === 1 ? row.nextElementSibling : row.previousElementSibling;
    const input = row instanceof HTMLTableRowElement ? row.cells[cell.cellIndex]?.querySelector<HTMLElement>(INPUTS) : null;
    if (input) return input;
  }
  return undefined;
}
